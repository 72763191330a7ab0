import avsc from 'avsc';
import type { Type, types } from 'avsc';
import type { Json } from '../contract-model.ts';
import type {
  ArraySchema,
  AvroField,
  AvroSchema,
  MapSchema,
  PrimitiveType,
  RecordSchema,
} from './avro-schema.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Returns the avsc type of a schema, with a registry of its own. Throws what avsc throws. */
export function avscType(json: Json): Type {
  // avsc takes the schema as it is and does not write to it.
  return avsc.Type.forSchema(json as avsc.Schema, { registry: {} });
}

/** Returns the schema that avsc made of a type: names and defaults as avsc understood them. */
export function schemaOf(top: Type): AvroSchema {
  const named = new Map<Type, AvroSchema>();

  const convert = (type: Type): AvroSchema => {
    const known = named.get(type);
    if (known) return known;
    const source = null;
    switch (type.typeName) {
      case 'array':
        return {
          type: 'array',
          source,
          items: convert((type as types.ArrayType).itemsType),
        } satisfies ArraySchema;
      case 'map':
        return {
          type: 'map',
          source,
          values: convert((type as unknown as { valuesType: Type }).valuesType),
        } satisfies MapSchema;
      case 'union:wrapped':
      case 'union:unwrapped':
        return {
          type: 'union',
          source,
          branches: (type as types.UnwrappedUnionType).types.map(convert),
        };
      case 'enum': {
        const { symbols, default: defaultSymbol } = type as types.EnumType & { default?: string };
        return keep(type, { type: 'enum', ...namesOf(type), symbols, default: defaultSymbol });
      }
      case 'fixed':
        return keep(type, { type: 'fixed', ...namesOf(type), size: (type as types.FixedType).size });
      case 'record':
      case 'error': {
        const fields: AvroField[] = [];
        const fieldsByName = new Map<string, AvroField>();
        keep(type, { type: 'record', ...namesOf(type), fields, fieldsByName } satisfies RecordSchema);
        for (const field of (type as types.RecordType).fields) {
          const converted: AvroField = {
            source,
            name: field.name,
            aliases: field.aliases,
            schema: convert(field.type),
            default: field.defaultValue() === undefined ? undefined : null,
          };
          fields.push(converted);
          fieldsByName.set(field.name, converted);
        }
        return named.get(type) as AvroSchema;
      }
      default:
        return { type: type.typeName as PrimitiveType, source };
    }
  };
  const keep = <T extends AvroSchema>(type: Type, schema: T): T => {
    named.set(type, schema);
    return schema;
  };
  const namesOf = (type: Type): Mutable<Pick<RecordSchema, 'source' | 'name' | 'fullName' | 'aliases'>> => {
    const fullName = type.name ?? '';
    const aliases = type.aliases ?? [];
    return { source: null, name: fullName.slice(fullName.lastIndexOf('.') + 1), fullName, aliases };
  };
  return convert(top);
}
