import type { Json } from '../contract-model.ts';
import { branchName, isNamed, isPrimitive, standIn } from './avro-schema.ts';
import type {
  ArraySchema,
  AvroField,
  AvroSchema,
  EnumSchema,
  FixedSchema,
  MapSchema,
  NamedSchema,
  RecordSchema,
  UnionSchema,
} from './avro-schema.ts';
import { checkDefaultsInOrder } from './default-order.ts';
import { isJavaNumber, isPlainDefault, isValidDefault } from './default-value.ts';
import { isObject, textAttribute } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { isName, isPlainName, toFullName } from './names.ts';
import { isSameDefinition } from './same-definition.ts';
import { AvroRefused } from './avro-refused.ts';

export { AvroRefused } from './avro-refused.ts';

/** A schema as Java reads it. */
export interface ParsedSchema {
  readonly schema: AvroSchema;
  /** False when avsc may read something else, or refuse it. */
  readonly plain: boolean;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A name that was not defined yet where it was used. */
export interface OpenReference {
  readonly stand: RecordSchema;
  readonly fullName: string;
  readonly location: string;
  /** Puts the named type in the place of its stand-in. */
  readonly settle: (schema: NamedSchema) => void;
}

interface Name {
  readonly name: string;
  /** Empty when there is none. */
  readonly namespace: string;
  readonly fullName: string;
}

/** Jackson, with which Java reads JSON, refuses what is deeper. */
const MAX_DEPTH = 1_000;
const MAX_FIXED_SIZE = 2 ** 31 - 1 - 8;
const ORDERS = ['ascending', 'descending', 'ignore'];

/** At most as many characters of what was found as a message can bear. */
function show(json: Json | undefined): string {
  const text = JSON.stringify(json) as string | undefined;
  if (text === undefined) return 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

class SchemaReader {
  plain = true;
  readonly types = new Map<string, NamedSchema>();
  readonly open: OpenReference[] = [];
  /** A default that is an object or a list can be valid at first sight only: see `checkDefaultsInOrder`. */
  hasDeepDefault = false;
  /** What avsc has in its registry at this point of the text: it registers a type before it reads its fields. */
  readonly #begun = new Map<string, NamedSchema>();
  readonly #location: (string | number)[] = [];
  #depth = 0;

  refuse(reason: string): never {
    throw new AvroRefused(this.#pointer(), reason);
  }

  #checkDepth(levels: number): void {
    if (this.#depth + levels > MAX_DEPTH) this.refuse(`is nested deeper than ${MAX_DEPTH} levels`);
  }

  #pointer(): string {
    return this.#location.map((token) => `/${token}`).join('');
  }

  /** Reads the schema under `token`; `settle` puts another one in its place later. */
  readUnder(
    token: string | number,
    levels: number,
    json: Json,
    namespace: string,
    settle: (schema: AvroSchema) => void,
  ): AvroSchema {
    this.#location.push(token);
    this.#depth += levels;
    const schema = this.read(json, namespace, settle);
    this.#depth -= levels;
    this.#location.pop();
    return schema;
  }

  read(json: Json, namespace: string, settle: (schema: AvroSchema) => void): AvroSchema {
    if (typeof json === 'string') return this.#refer(json, json, namespace, settle);
    if (typeof json !== 'object' || json === null) return this.refuse(`${show(json)} is not a schema`);
    this.#checkDepth(1);
    if (Array.isArray(json)) return this.#readUnion(json as readonly Json[], namespace);
    const object = json as JsonObject;
    const type = object['type'];
    if (typeof type !== 'string') return this.refuse(`a schema needs a type, not ${show(type)}`);
    if (isPrimitive(type)) return { type, source: object };
    switch (type) {
      case 'record':
      case 'error':
        return this.#readRecord(object, namespace);
      case 'enum':
        return this.#readEnum(object, namespace);
      case 'fixed':
        return this.#readFixed(object, namespace);
      case 'array':
        return this.#readArray(object, namespace);
      case 'map':
        return this.#readMap(object, namespace);
      default:
        this.plain = false;
        return this.#refer(type, object, namespace, settle);
    }
  }

  #refer(name: string, source: Json, namespace: string, settle: (schema: AvroSchema) => void): AvroSchema {
    if (isPrimitive(name)) return { type: name, source };
    const fullName = toFullName(name, namespace);
    const known = this.types.get(fullName) ?? this.types.get(name);
    if (known) {
      if (this.#begun.get(fullName) !== known) this.plain = false;
      return known;
    }
    if (!this.#begun.has(fullName)) this.plain = false;
    const stand = standIn(this.open.length, source);
    this.open.push({ stand, fullName, location: this.#pointer(), settle });
    return stand;
  }

  #readArray(json: JsonObject, namespace: string): ArraySchema {
    const { items } = json;
    if (items === undefined) return this.refuse('an array needs items');
    const schema = { type: 'array', source: json } as Mutable<ArraySchema>;
    schema.items = this.readUnder('items', 1, items, namespace, (settled) => (schema.items = settled));
    return schema;
  }

  #readMap(json: JsonObject, namespace: string): MapSchema {
    const { values } = json;
    if (values === undefined) return this.refuse('a map needs values');
    const schema = { type: 'map', source: json } as Mutable<MapSchema>;
    schema.values = this.readUnder('values', 1, values, namespace, (settled) => (schema.values = settled));
    return schema;
  }

  #readUnion(json: readonly Json[], namespace: string): UnionSchema {
    const branches: AvroSchema[] = [];
    for (const [index, branch] of json.entries()) {
      branches.push(
        this.readUnder(index, 1, branch, namespace, (settled) => {
          branches[index] = settled;
        }),
      );
    }
    if (branches.length === 0) this.plain = false;
    this.checkBranches(branches);
    return { type: 'union', source: json, branches };
  }

  checkBranches(branches: readonly AvroSchema[]): void {
    const names = new Set<string>();
    for (const branch of branches) {
      if (branch.type === 'union') this.refuse('a union cannot be a branch of a union');
      const name = branchName(branch);
      if (names.has(name)) this.refuse(`the union has two branches ${name}`);
      names.add(name);
    }
  }

  #readRecord(json: JsonObject, namespace: string): RecordSchema {
    const name = this.#readName(json, namespace);
    if (!Array.isArray(json['fields'])) return this.refuse('a record needs a list of fields');
    this.#checkDepth(json['fields'].length > 0 ? 3 : 2);
    const fields: AvroField[] = [];
    const fieldsByName = new Map<string, AvroField>();
    const record: Mutable<RecordSchema> = {
      type: 'record',
      source: json,
      name: name.name,
      fullName: name.fullName,
      aliases: [],
      fields,
      fieldsByName,
    };
    this.#begin(record);
    this.#location.push('fields');
    for (const [index, fieldJson] of (json['fields'] as readonly Json[]).entries()) {
      this.#location.push(index);
      const field = this.#readField(fieldJson, name.namespace);
      if (fieldsByName.has(field.name)) this.refuse(`the record has two fields "${field.name}"`);
      fieldsByName.set(field.name, field);
      fields.push(field);
      this.#location.pop();
    }
    this.#location.pop();
    record.aliases = this.#readTypeAliases(json, name);
    this.#define(record);
    return record;
  }

  #readField(json: Json, namespace: string): AvroField {
    const name = isObject(json) ? textAttribute(json, 'name') : undefined;
    if (!isObject(json) || name === undefined) return this.refuse('a field needs a name');
    const { type, order } = json;
    if (type === undefined) return this.refuse(`field "${name}" needs a type`);
    const field = { source: json, name } as Mutable<AvroField>;
    field.schema = this.readUnder('type', 3, type, namespace, (settled) => (field.schema = settled));
    if (order !== undefined) {
      if (typeof order !== 'string' || !ORDERS.includes(order.toLowerCase()))
        this.refuse(`order ${show(order)} is none of ${ORDERS.join(', ')}`);
      if (!ORDERS.includes(order)) this.plain = false;
    }
    if (!isName(name)) this.refuse(`"${name}" is not a name`);
    if (!isPlainName(name)) this.plain = false;
    field.default = this.#readDefault(field, json['default']);
    field.aliases = this.#readAliases(json);
    if (field.aliases.length > 0 && !field.aliases.every(isPlainName)) this.plain = false;
    return field;
  }

  #readDefault({ name, schema }: AvroField, json: Json | undefined): Json | undefined {
    if (json === undefined) return undefined;
    let value = json;
    if ((schema.type === 'float' || schema.type === 'double') && typeof json === 'string') {
      if (!isJavaNumber(json))
        this.refuse(`default ${show(json)} of field "${name}" is not a ${schema.type}`);
      // Only that it is a number counts from here on.
      value = Number.parseFloat(json);
    }
    if (!isValidDefault(schema, value))
      this.refuse(`default ${show(json)} of field "${name}" is not a ${branchName(schema)}`);
    if (typeof value === 'object' && value !== null) this.hasDeepDefault = true;
    if (this.plain && !isPlainDefault(schema, json)) this.plain = false;
    return value;
  }

  #readEnum(json: JsonObject, namespace: string): EnumSchema {
    const name = this.#readName(json, namespace);
    const list = json['symbols'];
    if (!Array.isArray(list)) return this.refuse('an enum needs a list of symbols');
    this.#checkDepth(2);
    const symbols = new Set<string>();
    for (const symbol of list as readonly Json[]) {
      if (typeof symbol !== 'string' || !isName(symbol))
        return this.refuse(`${show(symbol)} is not a symbol`);
      if (symbols.has(symbol)) this.refuse(`the enum has two symbols "${symbol}"`);
      if (!isPlainName(symbol)) this.plain = false;
      symbols.add(symbol);
    }
    const defaultSymbol = textAttribute(json, 'default');
    if (defaultSymbol !== undefined && !symbols.has(defaultSymbol))
      this.refuse(`the default "${defaultSymbol}" is not a symbol of the enum`);
    if (symbols.size === 0 || (defaultSymbol === undefined && json['default'] !== undefined))
      this.plain = false;
    const schema: EnumSchema = {
      type: 'enum',
      source: json,
      name: name.name,
      fullName: name.fullName,
      aliases: this.#readTypeAliases(json, name, namespace),
      symbols: [...symbols],
      default: defaultSymbol,
    };
    this.#begin(schema);
    this.#define(schema);
    return schema;
  }

  #readFixed(json: JsonObject, namespace: string): FixedSchema {
    const name = this.#readName(json, namespace);
    const { size } = json;
    if (!Number.isInteger(size) || (size as number) < 0 || (size as number) > MAX_FIXED_SIZE)
      return this.refuse(`${show(size)} is not a size`);
    const schema: FixedSchema = {
      type: 'fixed',
      source: json,
      name: name.name,
      fullName: name.fullName,
      aliases: this.#readTypeAliases(json, name, namespace),
      size: size as number,
    };
    this.#begin(schema);
    this.#define(schema);
    return schema;
  }

  #readName(json: JsonObject, enclosing: string): Name {
    const written = textAttribute(json, 'name');
    if (written === undefined) return this.refuse(`a ${textAttribute(json, 'type') ?? 'type'} needs a name`);
    const lastDot = written.lastIndexOf('.');
    const name = written.slice(lastDot + 1);
    const namespace =
      lastDot < 0 ? (textAttribute(json, 'namespace') ?? enclosing) : written.slice(0, lastDot);
    if (!isName(name)) this.refuse(`"${written}" is not a name`);
    const fullName = namespace === '' ? name : `${namespace}.${name}`;
    if (isPrimitive(fullName)) this.refuse(`a type cannot have the name of the primitive ${fullName}`);
    if (namespace !== '' && !namespace.split('.').every(isName))
      this.refuse(`"${namespace}" is not a namespace`);
    if (
      (json['namespace'] !== undefined && (lastDot >= 0 || typeof json['namespace'] !== 'string')) ||
      isPrimitive(name) ||
      !isPlainName(fullName)
    ) {
      this.plain = false;
    }
    return { name, namespace, fullName };
  }

  #readTypeAliases(json: JsonObject, { namespace }: Name, enclosing = namespace): readonly string[] {
    const written = this.#readAliases(json);
    if (written.length === 0) return written;
    // avsc qualifies the aliases of an enum and a fixed with the namespace around them, not with that in their names.
    const moved = textAttribute(json, 'name')?.includes('.') === true && enclosing !== namespace;
    return written.map((alias) => {
      const lastDot = alias.lastIndexOf('.');
      const name = alias.slice(lastDot + 1);
      if (!isName(name)) this.refuse(`the alias "${alias}" is not a name`);
      if (isPrimitive(name) || !isPlainName(alias) || (moved && lastDot < 0)) this.plain = false;
      if (lastDot === 0 && namespace === '') return name;
      return toFullName(alias, namespace);
    });
  }

  #readAliases({ aliases }: JsonObject): readonly string[] {
    if (aliases === undefined) return [];
    if (!Array.isArray(aliases)) return this.refuse('the aliases are not a list');
    for (const alias of aliases as readonly Json[])
      if (typeof alias !== 'string') this.refuse(`${show(alias)} is not an alias`);
    return [...new Set(aliases as readonly string[])];
  }

  /** For avsc, a type has its name from here on. */
  #begin(schema: NamedSchema): void {
    if (this.#begun.has(schema.fullName)) this.plain = false;
    else this.#begun.set(schema.fullName, schema);
  }

  /** For Java, a type has its name from here on; a repetition of a definition is allowed. */
  #define(schema: NamedSchema): void {
    const known = this.types.get(schema.fullName);
    if (!known) this.types.set(schema.fullName, schema);
    else if (!isSameDefinition(known, schema)) this.refuse(`${schema.fullName} is defined a second time`);
  }
}

/**
 * Reads a schema by the rules of Apache Avro Java 1.12.1 (`Schema.Parser`).
 * Throws `AvroRefused` for what it refuses, with the place.
 */
export function parseSchema(json: Json): ParsedSchema {
  const reader = new SchemaReader();
  let top = reader.read(json, '', (settled) => (top = settled));
  const open = reader.open;
  if (open.length > 0) {
    for (const { fullName, location } of open)
      if (!reader.types.has(fullName)) throw new AvroRefused(location, `there is no type ${fullName}`);
    if (open.some(({ stand }) => stand === top)) reader.refuse('the schema is only a name');
    const named = new Map<AvroSchema, NamedSchema>(
      open.map(({ stand, fullName }) => [stand, reader.types.get(fullName) as NamedSchema]),
    );
    if (reader.hasDeepDefault) checkDefaultsInOrder(top, [...reader.types.values()], named);
    for (const { settle, fullName } of open) settle(reader.types.get(fullName) as NamedSchema);
    checkUnions(top, reader);
  }
  return { schema: isNamed(top) ? (reader.types.get(top.fullName) ?? top) : top, plain: reader.plain };
}

/** Looks again at unions: what stood for a name had a name of its own. */
function checkUnions(top: AvroSchema, reader: SchemaReader): void {
  const seen = new Set<AvroSchema>();
  const left: AvroSchema[] = [top, ...reader.types.values()];
  for (let schema = left.pop(); schema; schema = left.pop()) {
    if (seen.has(schema)) continue;
    seen.add(schema);
    if (schema.type === 'array') left.push(schema.items);
    else if (schema.type === 'map') left.push(schema.values);
    else if (schema.type === 'record') for (const field of schema.fields) left.push(field.schema);
    else if (schema.type === 'union') {
      reader.checkBranches(schema.branches);
      left.push(...schema.branches);
    }
  }
}

/** Returns the schema that `json` holds. Throws `AvroRefused` when Avro (Java 1.12.1) refuses it, with the place. */
export function parseAvro(json: Json): AvroSchema {
  return parseSchema(json).schema;
}
