import { avroType } from '@eda/contracts/avro';
import { checkValues } from './check-values.ts';
import type { Json, NamedType } from './contract-model.ts';
import { isObject, textOf } from './json.ts';
import type { JsonObject } from './json.ts';
import { closestOf } from './problems.ts';
import type { Problem } from './problems.ts';
import type { Sources } from './read/sources.ts';
import { TypeCollector } from './type-collector.ts';
import type { Reference } from './type-collector.ts';

const NAMED = ['record', 'enum', 'fixed'];
const PLACE = /^schemas\/([a-z][a-z0-9-]*)\/(v[1-9]\d*)\/([A-Z][A-Za-z0-9]*)\.avsc$/;

/**
 * Reads the `schemas/<domain>/v<major>/<Name>.avsc` among `files` and returns the named types in them, each behind those it
 * refers to. What is wrong is added to `problems`; types with problems are left out.
 */
export function loadSchemas(
  sources: Sources,
  files: readonly string[],
  organisation: string,
  problems: Problem[],
): NamedType[] {
  const collector = new TypeCollector(problems);
  for (const file of files) {
    if (!file.endsWith('.avsc') || /^schemas\/(golden|history)\//.test(file)) continue;
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
  // The checks above give better messages; avsc has the last word on everything else.
  if (problems.length === 0) checkWithAvsc(sorted, problems);
  return sorted;
}

function checkPlace(
  file: string,
  content: Json,
  expected: { name: string; namespace: string },
  problems: Problem[],
): boolean {
  if (!isObject(content) || !NAMED.includes(textOf(content['type']))) {
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

function checkWithAvsc(types: readonly NamedType[], problems: Problem[]): void {
  for (const { fullName, file } of types) {
    try {
      avroType(inlineSchema(fullName, types));
    } catch (error) {
      problems.push({
        code: 'C001',
        file,
        field: '',
        what: `is not a valid schema: ${(error as Error).message}`,
        why: 'The library that encodes and decodes every event refuses it.',
        fix: 'Correct what it names.',
      });
    }
  }
}

/**
 * Returns the schema of `fullName` with every type it refers to written out where it is first used, so that it can be
 * registered without references.
 */
export function inlineSchema(fullName: string, types: readonly NamedType[]): Json {
  const byName = new Map(types.map((type) => [type.fullName, type]));
  const written = new Set<string>();
  const inline = (schema: Json, namespace: string): Json => {
    if (typeof schema === 'string') {
      const type = byName.get(schema);
      if (!type || written.has(schema)) return schema;
      written.add(schema);
      const { type: kind = null, name = null, ...rest } = withoutNamespace(type.definition);
      const fields = rest['fields'] as readonly JsonObject[] | undefined;
      return {
        type: kind,
        name,
        // Avro takes the namespace from the enclosing type when none is given.
        ...(type.namespace !== namespace && { namespace: type.namespace }),
        ...rest,
        ...(fields && {
          fields: fields.map((field) => ({ ...field, type: inline(field['type'] ?? null, type.namespace) })),
        }),
      };
    }
    if (Array.isArray(schema)) return (schema as readonly Json[]).map((branch) => inline(branch, namespace));
    if (!isObject(schema)) return schema;
    if (schema['type'] === 'array') return { ...schema, items: inline(schema['items'] ?? null, namespace) };
    if (schema['type'] === 'map') return { ...schema, values: inline(schema['values'] ?? null, namespace) };
    return schema;
  };
  return inline(fullName, '');
}

function withoutNamespace(definition: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(definition).filter(([attribute]) => attribute !== 'namespace'));
}
