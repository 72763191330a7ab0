import { isPrimitive, NAMED_TYPES, PRIMITIVES } from './compat/avro-schema.ts';
import { LOGICAL_TYPES } from '@eda/contracts/avro';
import type { Json, NamedType } from './contract-model.ts';
import { isObject, textOf } from './json.ts';
import type { JsonObject } from './json.ts';
import { closestOf, didYouMean } from './problems.ts';
import type { Problem } from './problems.ts';
import type { Path } from './read/source-file.ts';
import type { RuleCode } from './rules.ts';

const TYPES = [...PRIMITIVES, ...NAMED_TYPES, 'array', 'map'];

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

/** Where something stands: `field` for people, `path` in the document. */
export interface SchemaPlace {
  readonly file: string;
  readonly field: string;
  readonly path: Path;
}

/** A type that another one refers to by its full name. */
export interface Reference {
  readonly from: string;
  readonly to: string;
  readonly place: SchemaPlace;
}

/** A union, or the default of a field, to be looked at when every type is known. */
export interface Pending {
  readonly place: SchemaPlace;
  /** With full names in place of relative ones. */
  readonly schema: Json;
  readonly default?: Json;
}

interface Scope extends SchemaPlace {
  readonly namespace: string;
  /** Full name of the type around; empty at the root of a file. */
  readonly owner: string;
}

type More = Omit<Partial<Problem>, 'code' | 'file' | 'what'>;

/** Walks schemas, checks them and keeps the named types with full names in place of relative ones. */
export class TypeCollector {
  readonly types = new Map<string, NamedType>();
  readonly unions: Pending[] = [];
  readonly defaults: Pending[] = [];
  /** Where each named type is defined, by its full name. */
  readonly places = new Map<string, SchemaPlace>();
  readonly #references = new Map<string, Reference[]>();
  readonly #problems: Problem[];

  constructor(problems: Problem[]) {
    this.#problems = problems;
  }

  collect(file: string, schema: Json): void {
    this.#resolve({ file, field: '', path: [], namespace: '', owner: '' }, schema);
  }

  /** Returns what the type refers to, in the order of its fields. */
  referencesOf(fullName: string): readonly Reference[] {
    return this.#references.get(fullName) ?? [];
  }

  /** Returns what any type refers to. */
  references(): readonly Reference[] {
    return [...this.#references.values()].flat();
  }

  /** Returns the schema with named types replaced by their full names; their definitions go to `types`. */
  #resolve(scope: Scope, schema: Json): Json {
    if (typeof schema === 'string') return this.#resolveName(scope, schema);
    if (Array.isArray(schema)) {
      if (schema.length === 0)
        this.#problem('C001', scope, 'a union without branches', {
          why: 'No value would fit it.',
          fix: 'Write at least one type in it.',
        });
      const branches = (schema as readonly Json[]).map((branch, index) =>
        this.#resolve(within(scope, index), branch),
      );
      this.unions.push({ place: placeOf(scope), schema: branches });
      return branches;
    }
    if (!isObject(schema)) {
      this.#problem(
        'C001',
        scope,
        schema === null ? 'has no type' : `expected a type, found ${JSON.stringify(schema)}`,
        { why: 'Nothing could be written without a type.', fix: 'Add for example "type": "string".' },
      );
      return schema;
    }
    const type = schema['type'];
    if (isObject(type) || Array.isArray(type)) {
      this.#problem('C001', within(scope, 'type'), 'a type inside another "type"', {
        why: 'Avro takes no such schema, and what stands beside the inner one, for example a logicalType, would be lost.',
        fix: 'Write the type itself, not inside another "type".',
        part: 'key',
      });
      return schema;
    }
    if (typeof type !== 'string' || !TYPES.includes(type)) {
      this.#problem('C001', within(scope, 'type'), `unknown type ${JSON.stringify(type ?? null)}`, {
        fix: didYouMean(textOf(type), TYPES),
      });
      return schema;
    }
    this.#checkAttributes(scope, schema, [...(ATTRIBUTES[type] ?? ['type']), ...LOGICAL_ATTRIBUTES]);
    this.#checkLogicalType(scope, schema, type);
    for (const [kind, attribute] of [
      ['array', 'items'],
      ['map', 'values'],
    ] as const) {
      if (type !== kind) continue;
      return { ...schema, [attribute]: this.#resolve(within(scope, attribute), schema[attribute] ?? null) };
    }
    return NAMED_TYPES.includes(type) ? this.#define(scope, schema, type) : schema;
  }

  #resolveName(scope: Scope, name: string): string {
    if (isPrimitive(name)) return name;
    // Types have large initials here, so this was meant to be one of Avro's own.
    if (/^[a-z]\w*$/.test(name)) {
      this.#problem('C001', scope, `unknown type "${name}"`, { fix: didYouMean(name, PRIMITIVES) });
      return name;
    }
    const fullName = name.includes('.') ? name : `${scope.namespace}.${name}`;
    this.#refer(scope, fullName);
    return fullName;
  }

  #refer(scope: Scope, to: string): void {
    const references = this.#references.get(scope.owner) ?? [];
    references.push({ from: scope.owner, to, place: placeOf(scope) });
    this.#references.set(scope.owner, references);
  }

  #define(scope: Scope, schema: JsonObject, type: string): Json {
    const { file } = scope;
    const name = schema['name'];
    if (typeof name !== 'string' || !/^[A-Za-z_]\w*$/.test(name)) {
      this.#problem('C001', within(scope, 'name'), `${type} without a "name" of letters, digits and _`, {
        why: 'Readers find a type by its name.',
        fix: 'Give it one, for example "MovementReason".',
      });
      return schema;
    }
    const namespace = typeof schema['namespace'] === 'string' ? schema['namespace'] : scope.namespace;
    const fullName = `${namespace}.${name}`;
    if (scope.owner !== '') this.#refer(scope, fullName);
    const earlier = this.types.get(fullName);
    if (earlier) {
      this.#problem('C033', within(scope, 'name'), `${fullName} is already defined in ${earlier.file}`, {
        why: 'Two definitions of one name would have to be the same for ever.',
        fix: `Refer to it by its name, "${fullName}".`,
      });
      return fullName;
    }
    if (isBlank(schema['doc'])) {
      this.#problem('C007', within(scope, 'doc'), `${type} ${name} has no "doc"`, {
        why: 'The schema is all that readers of other teams and languages get to see.',
        fix: 'Say in a sentence what it means.',
      });
    }
    if (type === 'enum') this.#checkEnum(scope, schema, name);
    // The place in the map decides the order, so it is taken before the types inside.
    const holder = { fullName, name, namespace, file, definition: schema };
    this.types.set(fullName, holder);
    this.places.set(fullName, placeOf(scope));
    const inner = { ...scope, namespace, owner: fullName };
    const definition =
      type === 'record' ? { ...schema, fields: this.#fields(inner, name, schema['fields']) } : schema;
    this.types.set(fullName, { ...holder, definition });
    return fullName;
  }

  #fields(scope: Scope, name: string, fields: Json | undefined): Json[] {
    if (!Array.isArray(fields) || fields.length === 0) {
      this.#problem('C001', within(scope, 'fields'), `record ${name} needs "fields"`, {
        why: 'A record without fields says nothing.',
        fix: 'List its fields: [{"name": …, "type": …, "doc": …}].',
      });
      return [];
    }
    return (fields as readonly Json[]).map((entry, index) => {
      const label = isObject(entry) && typeof entry['name'] === 'string' ? entry['name'] : String(index);
      const field = `${scope.field === '' ? '' : `${scope.field}.`}fields.${label}`;
      return this.#field({ ...scope, field, path: [...scope.path, 'fields', index] }, entry);
    });
  }

  #field(scope: Scope, entry: Json): Json {
    if (!isObject(entry)) {
      this.#problem('C001', scope, `expected a field, found ${JSON.stringify(entry)}`, {
        fix: 'Write {"name": …, "type": …, "doc": …}.',
      });
      return entry;
    }
    if (typeof entry['name'] !== 'string' || !/^[a-z]\w*$/.test(entry['name'])) {
      this.#problem('C033', within(scope, 'name'), 'a field needs a "name" that begins with a small letter', {
        why: 'The name is that of a property in TypeScript.',
        fix: 'Write it in camelCase, for example "storeId".',
      });
    }
    if (isBlank(entry['doc'])) {
      this.#problem('C007', within(scope, 'doc'), 'has no "doc"', {
        why: 'The schema is all that readers of other teams and languages get to see.',
        fix: 'Say in a sentence what it means, with its unit.',
      });
    }
    this.#checkAttributes(scope, entry, FIELD_ATTRIBUTES);
    const type = this.#resolve(within(scope, 'type'), entry['type'] ?? null);
    if (entry['default'] !== undefined)
      this.defaults.push({
        place: placeOf(within(scope, 'default')),
        schema: type,
        default: entry['default'],
      });
    return { ...entry, type };
  }

  #checkAttributes(scope: Scope, schema: JsonObject, known: readonly string[]): void {
    for (const attribute of Object.keys(schema)) {
      if (known.includes(attribute)) continue;
      this.#problem(
        'C004',
        within(scope, attribute),
        `unknown attribute "${attribute}", which Avro would ignore`,
        { fix: didYouMean(attribute, known), part: 'key' },
      );
    }
  }

  #checkLogicalType(scope: Scope, schema: JsonObject, type: string): void {
    if (schema['logicalType'] === undefined) return;
    const name = textOf(schema['logicalType']);
    const place = within(scope, 'logicalType');
    const mapping = LOGICAL_TYPES.get(name);
    if (!mapping) {
      const known = [...LOGICAL_TYPES.keys()];
      const closest = closestOf(name, known);
      this.#problem('C006', place, `logicalType ${JSON.stringify(schema['logicalType'])} is unknown`, {
        why: `Avro ignores a logical type it cannot apply: readers would get a plain ${type}.`,
        fix: closest ? `Did you mean "${closest}"?` : `Write one of ${known.join(', ')}.`,
      });
      return;
    }
    if (!mapping.on.includes(type)) {
      const on = mapping.on.join(' or ');
      this.#problem('C006', place, `logicalType "${name}" stands on ${on}, not on ${type}`, {
        why: `Avro ignores a logical type it cannot apply: readers would get a plain ${type}.`,
        fix: `Write "type": "${mapping.on[0] ?? ''}".`,
      });
    }
    const wrong = mapping.problem?.(schema as never);
    if (wrong !== undefined)
      this.#problem('C006', schema['scale'] === undefined ? place : within(scope, 'scale'), wrong, {
        fix: 'Write "precision" as the number of all digits, "scale" as how many of them stand after the point.',
      });
  }

  #checkEnum(scope: Scope, schema: JsonObject, name: string): void {
    const [first] = Array.isArray(schema['symbols']) ? (schema['symbols'] as readonly Json[]) : [];
    if (first === 'UNKNOWN' && schema['default'] === 'UNKNOWN') return;
    const place = within(scope, first === 'UNKNOWN' ? 'default' : 'symbols');
    this.#problem('C008', place, `enum ${name} needs UNKNOWN as first symbol and as "default"`);
  }

  #problem(code: RuleCode, scope: Scope, what: string, more: More = {}): void {
    this.#problems.push({ code, ...placeOf(scope), what, ...more });
  }
}

/** The scope of what stands in `scope` under `step`; the field for people stays the same. */
function within(scope: Scope, step: string | number): Scope {
  return { ...scope, path: [...scope.path, step] };
}

function placeOf({ file, field, path }: SchemaPlace): SchemaPlace {
  return { file, field, path };
}

function isBlank(text: Json | undefined): boolean {
  return textOf(text).trim() === '';
}
