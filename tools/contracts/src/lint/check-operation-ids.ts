import { isObject } from '../json.ts';
import type { Problem } from '../problems.ts';
import { isThere } from '../read/list-files.ts';
import type { Sources } from '../read/sources.ts';

/** Checks that no two operations of an `apps/<app>/openapi.json` have the same `operationId`; adds those to `problems`. */
export function checkOperationIds(sources: Sources, problems: Problem[]): void {
  for (const { name, kind } of sources.tree.entries('apps')) {
    const file = `apps/${name}/openapi.json`;
    if (kind !== 'folder' || !isThere(sources.tree, file)) continue;
    const content = sources.content(file) ?? sources.json(file, problems)?.content;
    const paths = isObject(content) ? content['paths'] : undefined;
    const first = new Map<string, string>();
    for (const [url, operations] of Object.entries(isObject(paths) ? paths : {})) {
      for (const [method, operation] of Object.entries(isObject(operations) ? operations : {})) {
        const id = isObject(operation) ? operation['operationId'] : undefined;
        if (typeof id !== 'string') continue;
        const other = first.get(id);
        first.set(id, other ?? `${method.toUpperCase()} ${url}`);
        if (other === undefined) continue;
        const path = ['paths', url, method, 'operationId'];
        problems.push({
          code: 'C033',
          file,
          field: path.join('.'),
          path,
          what: `${id} is also the name of ${other}`,
          why: 'Generated clients name their functions after it, and one would replace the other.',
          fix: `Give one of the two another operationId in its route, then npm run openapi -w apps/${name}.`,
        });
      }
    }
  }
}
