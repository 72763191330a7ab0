/** The values of a chart as their comments describe them: `# -- ` begins a description, as helm-docs has it. */
import { parse } from 'yaml';

export interface DocumentedValue {
  /** Names from the root, for example `image`, `tag`. */
  readonly path: readonly string[];
  readonly description: string;
  readonly value: unknown;
}

const BEGIN = /^(\s*)# -- (.*)$/;
const COMMENT = /^\s*# ?(.*)$/;
const KEY = /^(\s*)(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9_./-]+)):(?:\s|$)/;

/** Returns the described values of a values.yaml in their order, below `below` only when that is given. */
export function documentedValues(text: string, below: readonly string[] = []): DocumentedValue[] {
  const values: unknown = parse(text);
  const parents: { readonly indent: number; readonly name: string }[] = [];
  const found: DocumentedValue[] = [];
  let description: string[] | undefined;
  for (const line of text.split('\n')) {
    const begin = BEGIN.exec(line);
    if (begin !== null) {
      description = [begin[2] ?? ''];
      continue;
    }
    if (line.trimStart().startsWith('#')) {
      description?.push(COMMENT.exec(line)?.[1] ?? '');
      continue;
    }
    const key = KEY.exec(line);
    if (key === null) {
      if (line.trim() !== '') description = undefined;
      continue;
    }
    const indent = key[1]?.length ?? 0;
    const name = key[2] ?? key[3] ?? key[4] ?? '';
    while ((parents.at(-1)?.indent ?? -1) >= indent) parents.pop();
    parents.push({ indent, name });
    const path = parents.map((parent) => parent.name);
    if (
      description !== undefined &&
      below.every((part, index) => path[index] === part) &&
      path.length > below.length
    )
      found.push({
        path: path.slice(below.length),
        description: description.join(' ').trim(),
        value: valueAt(values, path),
      });
    description = undefined;
  }
  return found;
}

/** Returns what stands at a path; undefined when nothing does. */
export function valueAt(values: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (parent, name) =>
      typeof parent === 'object' && parent !== null ? (parent as Record<string, unknown>)[name] : undefined,
    values,
  );
}
