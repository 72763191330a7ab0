import type { NamedType } from '../contract-model.ts';
import type { Problem } from '../problems.ts';
import { constantCase } from './typescript.ts';

/** Returns the name under which the index exports something of a namespace, for example `stockMoved`, `stockMovedV2`. */
export function exportName(namespace: string, name: string, style: (name: string) => string): string {
  const [, major = '1'] = /\.v(\d+)$/.exec(namespace) ?? [];
  return major === '1'
    ? style(name)
    : style === constantCase
      ? `${style(name)}_V${major}`
      : `${style(name)}V${major}`;
}

/** Adds to `problems` the types that would be exported under the name of another one. */
export function checkExportNames(types: readonly NamedType[], problems: Problem[]): void {
  const exported = new Map<string, NamedType>();
  for (const type of types) {
    const name = exportName(type.namespace, type.name, (original) => original);
    const other = exported.get(name);
    if (other)
      problems.push({
        code: 'C033',
        file: type.file,
        field: 'name',
        what: `${type.fullName} and ${other.fullName} would both be exported as ${name}`,
        why: 'The types of all domains are imported from one place, @eda/contracts.',
        fix: 'Rename one of them.',
      });
    exported.set(name, type);
  }
}
