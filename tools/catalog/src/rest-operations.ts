import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadDocument } from './bad-document.ts';

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

/** Returns what the OpenAPI document of `app` offers; undefined when it has none. Throws `BadDocument` when it is none. */
export function readRestOperations(root: string, app: string): RestOperation[] | undefined {
  const file = join(root, openApiOf(app));
  if (!existsSync(file)) return undefined;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw bad(app, 'is not JSON');
    throw error;
  }
  if (!isObject(content) || !isObject(content['paths'])) throw bad(app, 'has no "paths"');
  return Object.entries(content['paths']).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = isObject(item) ? item[method] : undefined;
      if (!isObject(operation)) return [];
      const { summary, responses } = operation;
      return [
        {
          method: method.toUpperCase(),
          path,
          summary: typeof summary === 'string' ? summary : '',
          answers: isObject(responses) ? Object.keys(responses) : [],
        },
      ];
    }),
  );
}

function bad(app: string, what: string): BadDocument {
  return new BadDocument(openApiOf(app), what, `Write it from the routes: npm run openapi -w apps/${app}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
