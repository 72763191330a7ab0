import avsc from 'avsc';
import type { Type } from 'avsc';
import type { Json } from '../contract-model.ts';
import type { AvroField, AvroSchema, NamedSchema, PrimitiveType } from './avro-schema.ts';

/** What is there depends on `typeName`. */
interface AvscType {
  readonly typeName: string;
  readonly name: string | undefined;
  readonly aliases: readonly string[] | undefined;
  readonly itemsType: AvscType;
  readonly valuesType: AvscType;
  readonly types: readonly AvscType[];
  readonly symbols: readonly string[];
  readonly default: string | undefined;
  readonly size: number;
  readonly fields: readonly {
    readonly name: string;
    readonly aliases: readonly string[];
    readonly type: AvscType;
    readonly defaultValue: () => unknown;
  }[];
}

/** Returns the avsc type of a schema, with a registry of its own. Throws what avsc throws. */
export function avscType(json: Json): Type {
  return avsc.Type.forSchema(json as avsc.Schema, { registry: {} });
}

/** Returns the schema that avsc made a type of, with names as avsc understood them. */
export function schemaOf(type: Type): AvroSchema {
  return convert(type as unknown as AvscType, new Map());
}

function convert(type: AvscType, named: Map<AvscType, NamedSchema>): AvroSchema {
  const known = named.get(type);
  if (known) return known;
  const source = null;
  switch (type.typeName) {
    case 'array':
      return { type: 'array', source, items: convert(type.itemsType, named) };
    case 'map':
      return { type: 'map', source, values: convert(type.valuesType, named) };
    case 'union:wrapped':
    case 'union:unwrapped':
      return { type: 'union', source, branches: type.types.map((branch) => convert(branch, named)) };
    case 'enum':
    case 'fixed':
    case 'record':
    case 'error':
      return convertNamed(type, named);
    default:
      return { type: type.typeName as PrimitiveType, source };
  }
}

function convertNamed(type: AvscType, named: Map<AvscType, NamedSchema>): NamedSchema {
  const { name: fullName = '', aliases = [], symbols, size } = type;
  const names = { source: null, name: fullName.slice(fullName.lastIndexOf('.') + 1), fullName, aliases };
  const keep = (schema: NamedSchema) => {
    named.set(type, schema);
    return schema;
  };
  if (type.typeName === 'enum') return keep({ type: 'enum', ...names, symbols, default: type.default });
  if (type.typeName === 'fixed') return keep({ type: 'fixed', ...names, size });
  const fields: AvroField[] = [];
  const fieldsByName = new Map<string, AvroField>();
  const record = keep({ type: 'record', ...names, fields, fieldsByName });
  for (const field of type.fields) {
    const converted: AvroField = {
      source: null,
      name: field.name,
      aliases: field.aliases,
      schema: convert(field.type, named),
      // Only whether there is one counts from here on.
      default: field.defaultValue() === undefined ? undefined : null,
    };
    fields.push(converted);
    fieldsByName.set(field.name, converted);
  }
  return record;
}
