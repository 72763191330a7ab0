import { avroType, LOGICAL_TYPES } from '@eda/contracts/avro';
import type { Json, NamedType } from './contract-model.ts';
import { didYouMean } from './problems.ts';
import type { Problem } from './problems.ts';
import { isObject, listFiles, readJson, textOf } from './read-files.ts';

type JsonObject = { readonly [key: string]: Json };

const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'];
const NAMED = ['record', 'enum', 'fixed'];
const COMPLEX = [...NAMED, 'array', 'map'];
const PLACE = /^schemas\/([a-z][a-z0-9-]*)\/(v[1-9]\d*)\/([A-Z][A-Za-z0-9]*)\.avsc$/;

/** Attributes the Avro specification knows; it ignores all others silently, typing errors included. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  record: ['type', 'name', 'namespace', 'doc', 'aliases', 'fields'],
  enum: ['type', 'name', 'namespace', 'doc', 'aliases', 'symbols', 'default'],
  fixed: ['type', 'name', 'namespace', 'doc', 'aliases', 'size'],
  array: ['type', 'items'],
  map: ['type', 'values'],
};
const FIELD_ATTRIBUTES = ['name', 'type', 'doc', 'default', 'order', 'aliases'];
const LOGICAL_ATTRIBUTES = ['logicalType', 'precision', 'scale'];

/**
 * Reads every `schemas/<domain>/v<major>/<Name>.avsc` and returns the named types in them, each behind those it refers to.
 * What is wrong is added to `problems`; types with problems are left out.
 */
export function loadSchemas(root: string, organisation: string, problems: Problem[]): NamedType[] {
  const collector = new TypeCollector(problems);
  for (const file of listFiles(root, 'schemas', /\.avsc$/)) {
    if (/^schemas\/(golden|history)\//.test(file)) continue;
    const place = PLACE.exec(file);
    if (!place) {
      problems.push({ file, field: '', message: 'schemas stand in schemas/<domain>/v<major>/<Name>.avsc' });
      continue;
    }
    const source = readJson(root, file, problems);
    if (!source) continue;
    const [, domain = '', major = '', name = ''] = place;
    const namespace = `${organisation}.${domain.replaceAll('-', '_')}.${major}`;
    checkPlace(file, source.content, { name, namespace }, problems);
    collector.collect(file, source.content);
  }
  const sorted = sortByReference(collector, problems);
  // The two checks above give better messages; avsc has the last word on everything else.
  if (problems.length === 0) checkWithAvsc(sorted, problems);
  return sorted;
}

function checkPlace(
  file: string,
  content: Json,
  expected: { name: string; namespace: string },
  problems: Problem[],
): void {
  if (!isObject(content) || !NAMED.includes(textOf(content['type']))) {
    problems.push({ file, field: 'type', message: 'a schema file holds one record, enum or fixed' });
    return;
  }
  for (const attribute of ['name', 'namespace'] as const) {
    if (content[attribute] !== expected[attribute]) {
      const found = JSON.stringify(content[attribute] ?? null);
      problems.push({
        file,
        field: attribute,
        message: `is ${found}, its place asks for "${expected[attribute]}"`,
      });
    }
  }
}

/** Walks schemas, checks them and keeps the named types with full names in place of relative ones. */
class TypeCollector {
  readonly types = new Map<string, NamedType>();
  /** Full names that were referred to: by whom, and where. */
  readonly references: {
    readonly from: string;
    readonly to: string;
    readonly file: string;
    readonly field: string;
  }[] = [];
  readonly #problems: Problem[];

  constructor(problems: Problem[]) {
    this.#problems = problems;
  }

  collect(file: string, schema: Json): void {
    this.#resolve({ file, namespace: '', owner: '' }, '', schema);
  }

  /** Returns the schema with named types replaced by their full names; their definitions go to `types`. */
  #resolve(scope: { file: string; namespace: string; owner: string }, field: string, schema: Json): Json {
    const problem = (message: string, at = field) =>
      this.#problems.push({ file: scope.file, field: at, message });
    if (typeof schema === 'string') {
      if (PRIMITIVES.includes(schema)) return schema;
      const fullName = schema.includes('.') ? schema : `${scope.namespace}.${schema}`;
      this.references.push({ from: scope.owner, to: fullName, file: scope.file, field });
      return fullName;
    }
    if (Array.isArray(schema)) {
      if (schema.length === 0) problem('a union needs at least one branch');
      return (schema as readonly Json[]).map((branch) => this.#resolve(scope, field, branch));
    }
    if (!isObject(schema)) {
      problem(`expected a schema, found ${JSON.stringify(schema)}`);
      return schema;
    }
    const type = schema['type'];
    if (isObject(type) || Array.isArray(type)) return this.#resolve(scope, field, type as Json);
    if (typeof type !== 'string' || ![...PRIMITIVES, ...COMPLEX].includes(type)) {
      const known = [...PRIMITIVES, ...COMPLEX];
      problem(`unknown type ${JSON.stringify(type ?? null)}${didYouMean(textOf(type), known)}`);
      return schema;
    }
    this.#checkAttributes(scope.file, field, schema, [
      ...(ATTRIBUTES[type] ?? ['type']),
      ...LOGICAL_ATTRIBUTES,
    ]);
    this.#checkLogicalType(scope.file, field, schema, type);
    if (type === 'array') return { ...schema, items: this.#resolve(scope, field, schema['items'] ?? null) };
    if (type === 'map') return { ...schema, values: this.#resolve(scope, field, schema['values'] ?? null) };
    return NAMED.includes(type) ? this.#define(scope, field, schema, type) : schema;
  }

  #define(
    scope: { file: string; namespace: string; owner: string },
    field: string,
    schema: JsonObject,
    type: string,
  ): Json {
    const { file } = scope;
    const name = schema['name'];
    if (typeof name !== 'string' || !/^[A-Za-z_]\w*$/.test(name)) {
      this.#problems.push({ file, field, message: `a ${type} needs a "name" of letters, digits and _` });
      return schema;
    }
    const namespace = typeof schema['namespace'] === 'string' ? schema['namespace'] : scope.namespace;
    const fullName = `${namespace}.${name}`;
    if (scope.owner !== '') this.references.push({ from: scope.owner, to: fullName, file, field });
    const earlier = this.types.get(fullName);
    if (earlier) {
      this.#problems.push({
        file,
        field,
        message: `${fullName} is already defined in ${earlier.file}; refer to it by name`,
      });
      return fullName;
    }
    if (typeof schema['doc'] !== 'string' || schema['doc'].trim() === '') {
      this.#problems.push({ file, field, message: `${type} ${name} has no "doc": say what it means` });
    }
    if (type === 'enum') this.#checkEnum(file, field, schema, name);
    // The place in the map decides the order, so it is taken before the types inside.
    const holder = { fullName, name, namespace, file, definition: schema };
    this.types.set(fullName, holder);
    const inner = { file, namespace, owner: fullName };
    const definition =
      type === 'record' ? { ...schema, fields: this.#fields(inner, name, field, schema['fields']) } : schema;
    this.types.set(fullName, { ...holder, definition });
    return fullName;
  }

  #fields(
    scope: { file: string; namespace: string; owner: string },
    name: string,
    at: string,
    fields: Json | undefined,
  ): Json[] {
    if (!Array.isArray(fields) || fields.length === 0) {
      this.#problems.push({ file: scope.file, field: at, message: `record ${name} needs "fields"` });
      return [];
    }
    return (fields as readonly Json[]).map((entry, index) => {
      const label = isObject(entry) && typeof entry['name'] === 'string' ? entry['name'] : String(index);
      const field = at === '' ? `fields.${label}` : `${at}.fields.${label}`;
      if (!isObject(entry)) {
        this.#problems.push({
          file: scope.file,
          field,
          message: 'expected an object with "name", "type" and "doc"',
        });
        return entry;
      }
      if (typeof entry['name'] !== 'string' || !/^[a-z]\w*$/.test(entry['name'])) {
        this.#problems.push({
          file: scope.file,
          field,
          message: 'a field needs a "name" that begins with a small letter',
        });
      }
      if (typeof entry['doc'] !== 'string' || entry['doc'].trim() === '') {
        this.#problems.push({
          file: scope.file,
          field,
          message: 'has no "doc": say what it means, with its unit',
        });
      }
      this.#checkAttributes(scope.file, field, entry, FIELD_ATTRIBUTES);
      return { ...entry, type: this.#resolve(scope, field, entry['type'] ?? null) };
    });
  }

  #checkAttributes(file: string, field: string, schema: JsonObject, known: readonly string[]): void {
    for (const attribute of Object.keys(schema)) {
      if (known.includes(attribute)) continue;
      const message = `unknown attribute "${attribute}", which Avro would ignore${didYouMean(attribute, known)}`;
      this.#problems.push({ file, field, message });
    }
  }

  #checkLogicalType(file: string, field: string, schema: JsonObject, type: string): void {
    if (schema['logicalType'] === undefined) return;
    const name = textOf(schema['logicalType']);
    const problem = (message: string) => this.#problems.push({ file, field, message });
    const mapping = LOGICAL_TYPES.get(name);
    if (!mapping) {
      const known = [...LOGICAL_TYPES.keys()];
      problem(`logicalType "${name}" is not one of ${known.join(', ')}${didYouMean(name, known)}`);
      return;
    }
    if (!mapping.on.includes(type))
      problem(`logicalType "${name}" stands on ${mapping.on.join(' or ')}, not on ${type}`);
    const wrong = mapping.problem?.(schema as never);
    if (wrong !== undefined) problem(wrong);
  }

  #checkEnum(file: string, field: string, schema: JsonObject, name: string): void {
    const [first] = Array.isArray(schema['symbols']) ? (schema['symbols'] as readonly Json[]) : [];
    if (first !== 'UNKNOWN' || schema['default'] !== 'UNKNOWN') {
      const message = `enum ${name} needs UNKNOWN as first symbol and as "default", or older readers break when a symbol is added`;
      this.#problems.push({ file, field, message });
    }
  }
}

function sortByReference(collector: TypeCollector, problems: Problem[]): NamedType[] {
  const sorted = new Map<string, NamedType>();
  const open = new Set<string>();
  const visit = (type: NamedType): void => {
    if (sorted.has(type.fullName)) return;
    open.add(type.fullName);
    for (const { to, file, field } of collector.references.filter(({ from }) => from === type.fullName)) {
      const target = collector.types.get(to);
      if (!target) {
        const known = [...collector.types.keys()];
        problems.push({
          file,
          field,
          message: `type "${to}" is not defined in schemas/${didYouMean(to, known)}`,
        });
      } else if (!open.has(to)) {
        visit(target);
      } else if (target.file !== type.file) {
        problems.push({
          file,
          field,
          message: `circular reference between ${type.file} and ${target.file}; merge the two or break the circle`,
        });
      }
    }
    open.delete(type.fullName);
    sorted.set(type.fullName, type);
  };
  for (const type of collector.types.values()) visit(type);
  return [...sorted.values()];
}

function checkWithAvsc(types: readonly NamedType[], problems: Problem[]): void {
  for (const { fullName, file } of types) {
    try {
      avroType(inlineSchema(fullName, types));
    } catch (error) {
      problems.push({ file, field: '', message: `is not a valid schema: ${(error as Error).message}` });
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
