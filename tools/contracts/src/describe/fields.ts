import type { Json } from '../contract-model.ts';
import { isObject, textOf } from '../json.ts';
import type { JsonObject } from '../json.ts';

/** One field of an event, or of a record in it, as people are told of it. */
export interface FieldDescription {
  /** For example `customer.name`; lists and maps add nothing to it, as in metadata. */
  readonly path: string;
  /** For example `decimal(12, 2)`, `list of record OrderLine` or `string or null`. */
  readonly type: string;
  /** Of an enum, alone or within the type. */
  readonly symbols?: readonly string[];
  /** Of that enum: what a reader takes for a symbol that it does not know. */
  readonly symbolDefault?: string;
  /** The full names of the named types in it, in order. */
  readonly names: readonly string[];
  /** Empty when the schema says nothing. */
  readonly doc: string;
  /** As JSON. */
  readonly default?: string;
}

/** Returns the full name of a self-contained record schema; empty when it has none. */
export function fullNameOf(schema: Json): string {
  return isObject(schema) ? toNamed(schema, '').fullName : '';
}

/** Returns the fields of a self-contained record schema, those of records in it right behind the field that holds them. */
export function describeFields(schema: Json): FieldDescription[] {
  return new Describer().fields(schema, '', '', []);
}

interface Named {
  readonly fullName: string;
  readonly definition: JsonObject;
  readonly namespace: string;
}

class Describer {
  readonly #named = new Map<string, Named>();

  fields(schema: Json, namespace: string, prefix: string, outer: readonly string[]): FieldDescription[] {
    const record = isObject(schema) ? this.#name(schema, namespace) : undefined;
    if (!record) return [];
    const { definition } = record;
    const fields = Array.isArray(definition['fields']) ? (definition['fields'] as readonly Json[]) : [];
    return fields.filter(isObject).flatMap((field) => {
      const path = `${prefix}${textOf(field['name'])}`;
      const type = field['type'] ?? null;
      const text = this.#text(type, record.namespace);
      const found = this.#enum(type, record.namespace);
      const symbols = found?.['symbols'] as readonly string[] | undefined;
      const symbolDefault = found?.['default'];
      const inner = this.#recordIn(type, record.namespace);
      return [
        {
          path,
          type: text,
          ...(symbols && { symbols }),
          ...(typeof symbolDefault === 'string' && { symbolDefault }),
          names: this.#names(type, record.namespace),
          doc: textOf(field['doc']),
          ...('default' in field && { default: JSON.stringify(field['default']) }),
        },
        // A record within itself would never end.
        ...(inner && !outer.includes(inner.fullName) && inner.fullName !== record.fullName
          ? this.fields(inner.definition, inner.namespace, `${path}.`, [...outer, record.fullName])
          : []),
      ];
    });
  }

  /** Remembers a definition, so that a name can be looked up later. */
  #name(definition: JsonObject, enclosing: string): Named {
    const named = toNamed(definition, enclosing);
    this.#named.set(named.fullName, named);
    return named;
  }

  /** The named type that `schema` is, or refers to. */
  #resolve(schema: Json, namespace: string): Named | undefined {
    if (typeof schema === 'string')
      return this.#named.get(schema) ?? this.#named.get(`${namespace}.${schema}`);
    return isObject(schema) && typeof schema['name'] === 'string' ? this.#name(schema, namespace) : undefined;
  }

  #text(schema: Json, namespace: string): string {
    if (Array.isArray(schema)) {
      const branches = (schema as readonly Json[]).filter((branch) => branch !== 'null');
      const texts = branches.map((branch) => this.#text(branch, namespace));
      return [...texts, ...(branches.length < schema.length ? ['null'] : [])].join(' or ');
    }
    const named = this.#resolve(schema, namespace);
    if (named && named.definition['logicalType'] === 'decimal') return decimal(named.definition);
    if (named) {
      const { type, name, size } = named.definition;
      const simple = textOf(name).split('.').at(-1) ?? '';
      return type === 'fixed'
        ? `fixed ${simple}, ${JSON.stringify(size)} bytes`
        : `${textOf(type)} ${simple}`;
    }
    if (!isObject(schema)) return textOf(schema);
    const { type = null, items, values, logicalType } = schema;
    if (type === 'array') return `list of ${this.#text(items ?? null, namespace)}`;
    if (type === 'map') return `map of ${this.#text(values ?? null, namespace)}`;
    if (logicalType === 'decimal') return decimal(schema);
    return typeof logicalType === 'string' ? logicalType : this.#text(type, namespace);
  }

  /** What a list, a map or a union is made of. */
  #parts(schema: Json): readonly Json[] {
    if (Array.isArray(schema)) return schema as readonly Json[];
    if (!isObject(schema) || typeof schema['name'] === 'string') return [];
    return [schema['items'], schema['values']].flatMap((part) => part ?? []);
  }

  #enum(schema: Json, namespace: string): JsonObject | undefined {
    const definition = this.#resolve(schema, namespace)?.definition;
    if (Array.isArray(definition?.['symbols'])) return definition;
    return this.#parts(schema)
      .map((part) => this.#enum(part, namespace))
      .find((found) => found);
  }

  #names(schema: Json, namespace: string): string[] {
    const named = this.#resolve(schema, namespace);
    return named ? [named.fullName] : this.#parts(schema).flatMap((part) => this.#names(part, namespace));
  }

  #recordIn(schema: Json, namespace: string): Named | undefined {
    const named = this.#resolve(schema, namespace);
    if (named) return named.definition['type'] === 'record' ? named : undefined;
    return this.#parts(schema)
      .map((part) => this.#recordIn(part, namespace))
      .find((found) => found);
  }
}

function decimal({ precision = null, scale = 0 }: JsonObject): string {
  return `decimal(${JSON.stringify(precision)}, ${JSON.stringify(scale)})`;
}

/** A definition has the namespace in its name, else its own, else that of what encloses it. */
function toNamed(definition: JsonObject, enclosing: string): Named {
  const name = textOf(definition['name']);
  const dot = name.lastIndexOf('.');
  const own = definition['namespace'];
  const namespace = dot >= 0 ? name.slice(0, dot) : typeof own === 'string' ? own : enclosing;
  const simple = name.slice(dot + 1);
  return { fullName: namespace === '' ? simple : `${namespace}.${simple}`, definition, namespace };
}
