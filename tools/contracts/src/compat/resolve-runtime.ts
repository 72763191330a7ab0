import { isNamed } from './avro-schema.ts';
import type { AvroField, AvroSchema, EnumSchema, NamedSchema, RecordSchema } from './avro-schema.ts';

/** What avsc makes of a pair of types; reading follows `parts`. */
interface Resolver {
  readonly reader: AvroSchema;
  readonly writer: AvroSchema;
  readonly parts: Resolver[];
  /** Why it cannot read; undefined when it can. While it is made, and when that fails, avsc's has no `_read`. */
  fault: string | undefined;
}

/** Why a resolver could not be made; as avsc tries branch after branch, few are ever shown. */
type Failure = () => string;

const PROMOTIONS: Readonly<Record<string, readonly string[]>> = {
  long: ['int'],
  float: ['int', 'long'],
  double: ['float', 'int', 'long'],
  string: ['bytes'],
  bytes: ['string'],
};

const HALF_MADE = 'it takes one for these that it could not make before, inside a union';
const HIDDEN = 'a field has the name of the record, without its underscore';

/** The schema as avsc writes it into messages. */
function toText(schema: AvroSchema): unknown {
  if (isNamed(schema)) return schema.fullName;
  if (schema.type === 'array') return { type: 'array', items: toText(schema.items) };
  if (schema.type === 'map') return { type: 'map', values: toText(schema.values) };
  if (schema.type === 'union') return schema.branches.map(toText);
  return schema.type;
}

function cannotRead(reader: AvroSchema, writer: AvroSchema): Failure {
  return () => `cannot read ${JSON.stringify(toText(writer))} as ${JSON.stringify(toText(reader))}`;
}

function hasName(reader: NamedSchema, { fullName }: NamedSchema): boolean {
  return reader.fullName === fullName || reader.aliases.includes(fullName);
}

function takesSymbols(reader: EnumSchema, writer: EnumSchema): boolean {
  if (reader.default !== undefined) return true;
  const known = new Set(reader.symbols);
  return writer.symbols.every((symbol) => known.has(symbol));
}

/** The fields of the writer that a field of the reader takes: avsc counts a name that comes twice once. */
function matchingFields(field: AvroField, writer: RecordSchema): AvroField[] {
  const direct = writer.fieldsByName.get(field.name);
  if (field.aliases.length === 0) return direct ? [direct] : [];
  return [...new Set([field.name, ...field.aliases])].flatMap((name) => writer.fieldsByName.get(name) ?? []);
}

/**
 * True when the code that avsc writes to read a record has one name for two things: it calls the constructor by the name
 * of the record with a capital, and the variable of each field by its name with a `_`.
 */
function hidesConstructor(reader: AvroSchema, writer: AvroSchema): boolean {
  if (reader.type !== 'record' || writer.type !== 'record' || !reader.name.startsWith('_')) return false;
  const field = reader.fieldsByName.get(reader.name.slice(1));
  return field !== undefined && matchingFields(field, writer).length > 0;
}

/** Does what avsc 5.7.9 does in `reader.createResolver(writer)`, its mistake included, and remembers what is part of what. */
class ResolverMaker {
  readonly #registry = new Map<string, Resolver>();

  make(reader: AvroSchema, writer: AvroSchema): Resolver | Failure {
    const key =
      reader.type === 'record' && writer.type === 'record'
        ? `${reader.fullName}:${writer.fullName}`
        : undefined;
    // The mistake: a resolver that could not be made stays in the registry, and is taken for a good one.
    const before = key === undefined ? undefined : this.#registry.get(key);
    if (before) return before;
    const resolver: Resolver = { reader, writer, parts: [], fault: HALF_MADE };
    if (key !== undefined) this.#registry.set(key, resolver);
    const failure = this.#fill(resolver, reader, writer);
    if (failure) return failure;
    resolver.fault = hidesConstructor(reader, writer) ? HIDDEN : undefined;
    return resolver;
  }

  #add(resolver: Resolver, reader: AvroSchema, writer: AvroSchema): Failure | undefined {
    const part = this.make(reader, writer);
    if (typeof part === 'function') return part;
    resolver.parts.push(part);
    return undefined;
  }

  #fill(resolver: Resolver, reader: AvroSchema, writer: AvroSchema): Failure | undefined {
    if (writer.type === 'union') {
      for (const branch of writer.branches) {
        const failure = this.#add(resolver, reader, branch);
        if (failure) return failure;
      }
      return undefined;
    }
    let fits = false;
    switch (reader.type) {
      case 'union':
        fits = reader.branches.some((branch) => !this.#add(resolver, branch, writer));
        break;
      case 'array':
        if (writer.type === 'array') return this.#add(resolver, reader.items, writer.items);
        break;
      case 'map':
        if (writer.type === 'map') return this.#add(resolver, reader.values, writer.values);
        break;
      case 'record':
        if (isNamed(writer) && !hasName(reader, writer)) return () => `no alias found for ${writer.fullName}`;
        if (writer.type === 'record') return this.#addFields(resolver, reader, writer);
        break;
      case 'enum':
        fits = writer.type === 'enum' && hasName(reader, writer) && takesSymbols(reader, writer);
        break;
      case 'fixed':
        fits = writer.type === 'fixed' && hasName(reader, writer) && reader.size === writer.size;
        break;
      default:
        fits = reader.type === writer.type || PROMOTIONS[reader.type]?.includes(writer.type) === true;
    }
    return fits ? undefined : cannotRead(reader, writer);
  }

  #addFields(resolver: Resolver, reader: RecordSchema, writer: RecordSchema): Failure | undefined {
    for (const field of reader.fields) {
      const [written, ...more] = matchingFields(field, writer);
      if (more.length > 0 && written) {
        const names = [written, ...more].map(({ name }) => name);
        return () => `ambiguous aliasing for ${writer.fullName}.${field.name} (${names.join(', ')})`;
      }
      if (written) {
        const failure = this.#add(resolver, field.schema, written.schema);
        if (failure) return failure;
      } else if (field.default === undefined) {
        return () => `no matching field for default-less ${writer.fullName}.${field.name}`;
      }
    }
    return undefined;
  }
}

function findFaulty(top: Resolver): Resolver | undefined {
  const seen = new Set<Resolver>([top]);
  for (const resolver of seen) {
    if (resolver.fault !== undefined) return resolver;
    for (const part of resolver.parts) seen.add(part);
  }
  return undefined;
}

/**
 * Returns why avsc 5.7.9 cannot read data of `writer` with `reader`, undefined when it can: the message of
 * `reader.createResolver(writer)`, and one of our own where that returns but reading fails.
 *
 * The latter: avsc registers the resolver of two records before it knows whether they fit, so that recursion finds it.
 * When they do not, inside a branch of a union, the next branch is tried, but the resolver without `_read` stays.
 * Where the same two records meet again, avsc takes it, and the first value there ends in "_read is not a function".
 * From the outside such a resolver cannot be told from a good one, its parts are in closures. So the same steps are
 * taken here, with the same registry, on resolvers that know their parts: it reads when all that can be reached from
 * it were made to the end.
 *
 * A second mistake of the same kind is less likely to be met: see `hidesConstructor`.
 */
export function whyUnreadable(reader: AvroSchema, writer: AvroSchema): string | undefined {
  const resolver = new ResolverMaker().make(reader, writer);
  if (typeof resolver === 'function') return resolver();
  const faulty = findFaulty(resolver);
  if (faulty?.fault === undefined) return undefined;
  const names = [faulty.writer, faulty.reader].map((schema) => JSON.stringify(toText(schema)));
  return `avsc makes a resolver that cannot read ${names.join(' as ')}: ${faulty.fault}`;
}
