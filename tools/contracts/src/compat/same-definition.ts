import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../contract-model.ts';
import type { AvroField, AvroSchema } from './avro-schema.ts';
import { isObject } from '../json.ts';

/** What is no attribute of its own: documentation and aliases may differ between two definitions of one type. */
const RESERVED = new Set('doc fields items name namespace size symbols values type aliases'.split(' '));
const ENUM_RESERVED = new Set([...RESERVED, 'default']);
const FIELD_RESERVED = new Set('default doc name order type aliases'.split(' '));

function sameAttributes(a: Json, b: Json, reserved: ReadonlySet<string>): boolean {
  const attributesOf = (source: Json) =>
    isObject(source) ? Object.entries(source).filter(([key]) => !reserved.has(key)) : [];
  return isDeepStrictEqual(new Map(attributesOf(a)), new Map(attributesOf(b)));
}

function orderOf({ source }: AvroField): string {
  const order = isObject(source) ? source['order'] : undefined;
  return typeof order === 'string' ? order.toUpperCase() : 'ASCENDING';
}

function sameField(a: AvroField, b: AvroField): boolean {
  return (
    a.name === b.name &&
    isSameDefinition(a.schema, b.schema) &&
    isDeepStrictEqual(a.default, b.default) &&
    orderOf(a) === orderOf(b) &&
    sameAttributes(a.source, b.source, FIELD_RESERVED)
  );
}

/** True when Java takes the second definition of a name as a repetition of the first (`Schema.equals`). */
export function isSameDefinition(a: AvroSchema, b: AvroSchema): boolean {
  if (a === b) return true;
  if (!sameAttributes(a.source, b.source, a.type === 'enum' ? ENUM_RESERVED : RESERVED)) return false;
  switch (a.type) {
    case 'array':
      return b.type === 'array' && isSameDefinition(a.items, b.items);
    case 'map':
      return b.type === 'map' && isSameDefinition(a.values, b.values);
    case 'union':
      return (
        b.type === 'union' &&
        a.branches.length === b.branches.length &&
        a.branches.every((branch, index) => isSameDefinition(branch, b.branches[index] as AvroSchema))
      );
    case 'record':
      return (
        b.type === 'record' &&
        a.fullName === b.fullName &&
        a.fields.length === b.fields.length &&
        a.fields.every((field, index) => sameField(field, b.fields[index] as AvroField))
      );
    case 'enum':
      return b.type === 'enum' && a.fullName === b.fullName && isDeepStrictEqual(a.symbols, b.symbols);
    case 'fixed':
      return b.type === 'fixed' && a.fullName === b.fullName && a.size === b.size;
    default:
      return a.type === b.type;
  }
}
