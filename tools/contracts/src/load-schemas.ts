import { NAMED_TYPES } from './compat/avro-schema.ts';
import { checkAvro } from './check-avro.ts';
import type { CompiledType } from './check-avro.ts';
import { checkValues } from './check-values.ts';
import type { Json, NamedType } from './contract-model.ts';
import { isObject, textOf } from './json.ts';
import { closestOf } from './problems.ts';
import type { Problem } from './problems.ts';
import type { Sources } from './read/sources.ts';
import { TypeCollector } from './type-collector.ts';
import type { Reference } from './type-collector.ts';

const PLACE = /^schemas\/([a-z][a-z0-9-]*)\/(v[1-9]\d*)\/([A-Z][A-Za-z0-9]*)\.avsc$/;

export interface LoadedSchemas {
  /** Each behind those it refers to; types with problems are left out. */
  readonly types: readonly NamedType[];
  /** See `checkAvro`. */
  readonly compiled: ReadonlyMap<string, CompiledType>;
  /** Where one refers to another, or to itself. */
  readonly references: readonly Reference[];
}

/**
 * Reads the `schemas/<domain>/v<major>/<Name>.avsc` among `files` and returns the named types in them. What is
 * wrong is added to `problems`.
 */
export function loadSchemas(
  sources: Sources,
  files: readonly string[],
  organisation: string,
  problems: Problem[],
): LoadedSchemas {
  const collector = new TypeCollector(problems);
  for (const file of files) {
    if (!isSchemaFile(file)) continue;
    const place = PLACE.exec(file);
    if (!place) {
      problems.push({
        code: 'C033',
        file,
        field: '',
        what: 'schemas stand in schemas/<domain>/v<major>/<Name>.avsc',
        fix: 'Move the file; a shared type goes for example to schemas/common/v1.',
      });
      continue;
    }
    const source = sources.json(file, problems);
    if (!source) continue;
    const [, domain = '', major = '', name = ''] = place;
    const namespace = `${organisation}.${domain.replaceAll('-', '_')}.${major}`;
    if (checkPlace(file, source.content, { name, namespace }, problems))
      collector.collect(file, source.content);
  }
  const sorted = sortByReference(collector, problems);
  checkValues(collector, problems);
  // The checks above give better messages; the parsers have the last word on everything else.
  const compiled = problems.length === 0 ? checkAvro(sorted, collector, problems) : new Map<string, never>();
  return { types: sorted, compiled, references: collector.references() };
}

/** True for the schemas of today, whether or not they stand in the right place. */
export function isSchemaFile(file: string): boolean {
  return file.endsWith('.avsc') && !file.startsWith('schemas/history/');
}

function checkPlace(
  file: string,
  content: Json,
  expected: { name: string; namespace: string },
  problems: Problem[],
): boolean {
  if (!isObject(content) || !NAMED_TYPES.includes(textOf(content['type']))) {
    problems.push({
      code: 'C001',
      file,
      field: 'type',
      what: 'a schema file holds one record, enum or fixed',
      why: 'A type is found by the name of its file.',
      fix: 'Write {"type": "record", "name": …, "namespace": …, "doc": …, "fields": […]}.',
    });
    return false;
  }
  for (const attribute of ['name', 'namespace'] as const) {
    if (content[attribute] !== expected[attribute]) {
      problems.push({
        code: 'C033',
        file,
        field: attribute,
        what: `is ${JSON.stringify(content[attribute] ?? null)}, its place asks for "${expected[attribute]}"`,
        fix: `Write "${expected[attribute]}", or move the file.`,
      });
    }
  }
  return true;
}

function sortByReference(collector: TypeCollector, problems: Problem[]): NamedType[] {
  const sorted = new Map<string, NamedType>();
  const open: NamedType[] = [];
  const visit = (type: NamedType): void => {
    if (sorted.has(type.fullName)) return;
    open.push(type);
    for (const reference of collector.referencesOf(type.fullName)) {
      const target = collector.types.get(reference.to);
      const start = target ? open.indexOf(target) : -1;
      if (!target) problems.push(undefinedType(reference, collector));
      else if (start === -1) visit(target);
      else if (target.file !== type.file) {
        const files = [...open.slice(start), target].map(({ file }) => file);
        const circle = files.filter((file, index) => file !== files[index - 1]).join(' -> ');
        problems.push({ code: 'C003', ...reference.place, what: `circular reference: ${circle}` });
      }
    }
    open.pop();
    sorted.set(type.fullName, type);
  };
  for (const type of collector.types.values()) visit(type);
  return [...sorted.values()];
}

function undefinedType({ to, place }: Reference, { types }: TypeCollector): Problem {
  const known = [...types.keys()];
  const simpleName = (name: string) => name.slice(name.lastIndexOf('.') + 1);
  const closest =
    known.find((name) => simpleName(name) === simpleName(to)) ??
    closestOf(to, known) ??
    known.find((name) => closestOf(simpleName(to), [simpleName(name)]) !== undefined);
  return {
    code: 'C002',
    ...place,
    what: `type "${to}" is not defined in schemas/`,
    fix: closest && `Did you mean "${closest}" (${types.get(closest)?.file ?? ''})?`,
  };
}
