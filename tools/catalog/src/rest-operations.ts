import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One operation of an app's HTTP interface. */
export interface RestOperation {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  /** For example `200`, `4XX`. */
  readonly answers: readonly string[];
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace'];

/** Where the OpenAPI document of an app stands, from the root of the repository. */
export function openApiOf(app: string): string {
  return `apps/${app}/openapi.json`;
}

/** Returns what the OpenAPI document of `app` offers; undefined when it has none. Throws when it is no JSON object. */
export function readRestOperations(root: string, app: string): RestOperation[] | undefined {
  const file = join(root, openApiOf(app));
  if (!existsSync(file)) return undefined;
  const { paths = {} } = JSON.parse(readFileSync(file, 'utf8')) as {
    paths?: Record<string, Record<string, { summary?: string; responses?: object } | undefined>>;
  };
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation
        ? [
            {
              method: method.toUpperCase(),
              path,
              summary: operation.summary ?? '',
              answers: Object.keys(operation.responses ?? {}),
            },
          ]
        : [];
    }),
  );
}
