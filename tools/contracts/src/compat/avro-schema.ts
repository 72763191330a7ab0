import type { Json } from '../contract-model.ts';

export const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;
/** Kinds of types that have a name. */
export const NAMED_TYPES: readonly string[] = ['record', 'enum', 'fixed'];
export type PrimitiveType = (typeof PRIMITIVES)[number];

const PRIMITIVE_NAMES: ReadonlySet<string> = new Set(PRIMITIVES);

/** True for the name of a type that needs no definition. */
export function isPrimitive(name: string): name is PrimitiveType {
  return PRIMITIVE_NAMES.has(name);
}

/**
 * An Avro schema. Every place where an unnamed type is written down is an object of its own, a named type is one object
 * wherever it is referred to: the engine remembers pairs by identity, as Java does.
 */
export type AvroSchema = PrimitiveSchema | ArraySchema | MapSchema | UnionSchema | NamedSchema;
export type NamedSchema = RecordSchema | EnumSchema | FixedSchema;

export interface PrimitiveSchema {
  readonly type: PrimitiveType;
  readonly source: Json;
}

export interface ArraySchema {
  readonly type: 'array';
  readonly source: Json;
  readonly items: AvroSchema;
}

export interface MapSchema {
  readonly type: 'map';
  readonly source: Json;
  readonly values: AvroSchema;
}

export interface UnionSchema {
  readonly type: 'union';
  readonly source: Json;
  readonly branches: readonly AvroSchema[];
}

interface Named {
  readonly source: Json;
  /** Without namespace. */
  readonly name: string;
  readonly fullName: string;
  /** Full names; an alias in no namespace of a type that has one keeps its leading dot, and so fits no type. */
  readonly aliases: readonly string[];
}

export interface RecordSchema extends Named {
  /** Also that of an `error`. */
  readonly type: 'record';
  readonly fields: readonly AvroField[];
  readonly fieldsByName: ReadonlyMap<string, AvroField>;
}

export interface EnumSchema extends Named {
  readonly type: 'enum';
  readonly symbols: readonly string[];
  readonly default: string | undefined;
}

export interface FixedSchema extends Named {
  readonly type: 'fixed';
  readonly size: number;
}

export interface AvroField {
  readonly source: Json;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly schema: AvroSchema;
  /** Undefined when there is none; null is a default. */
  readonly default: Json | undefined;
}

/** True for a record, an enum or a fixed. */
export function isNamed(schema: AvroSchema): schema is NamedSchema {
  return schema.type === 'record' || schema.type === 'enum' || schema.type === 'fixed';
}

/** Returns the name under which a schema can be a branch of a union: two of one name are not allowed. */
export function branchName(schema: AvroSchema): string {
  return isNamed(schema) ? schema.fullName : schema.type;
}

const STAND_IN = 'org.apache.avro.compiler.UnresolvedSchema_';

/**
 * Returns what stands for a named type that is used before its definition is complete, while a schema is read: to Java, a
 * record without fields and with a name of its own.
 */
export function standIn(number: number, source: Json): RecordSchema {
  const fullName = `${STAND_IN}${number}`;
  const name = fullName.slice(fullName.lastIndexOf('.') + 1);
  return { type: 'record', source, name, fullName, aliases: [], fields: [], fieldsByName: new Map() };
}

export function isStandIn({ fullName }: RecordSchema): boolean {
  return fullName.startsWith(STAND_IN);
}
