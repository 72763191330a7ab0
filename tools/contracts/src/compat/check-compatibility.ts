import { branchName, isNamed } from './avro-schema.ts';
import type {
  AvroField,
  AvroSchema,
  EnumSchema,
  FixedSchema,
  NamedSchema,
  PrimitiveType,
  RecordSchema,
  UnionSchema,
} from './avro-schema.ts';
import { AmbiguousField } from './incompatibility.ts';
import type { Incompatibility, IncompatibilityType } from './incompatibility.ts';

type Result = readonly Incompatibility[];
/** The way from the root, or from the innermost branch of a union, to what is compared. */
type Location = (string | number)[];

const COMPATIBLE: Result = [];
const IN_PROGRESS: Result = [];

/** What a primitive reader takes besides its own type. */
const PROMOTIONS: Readonly<Record<PrimitiveType, readonly string[]>> = {
  null: [],
  boolean: [],
  int: [],
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  bytes: ['string'],
  string: ['bytes'],
};

/** Beyond, each incompatibility is kept once: shared types double them at every level, without end for a JVM. */
const MAX_REPEATED = 1_000;

/** Collects what is found in the parts of a type. */
class Findings {
  #found: Incompatibility[] = [];
  #limit = MAX_REPEATED;

  add(result: Result): void {
    for (const incompatibility of result) this.#found.push(incompatibility);
    if (this.#found.length <= this.#limit) return;
    this.#found = [...new Set(this.#found)];
    this.#limit = Math.max(MAX_REPEATED, 2 * this.#found.length);
  }

  get result(): Result {
    return this.#found.length === 0 ? COMPATIBLE : this.#found;
  }
}

function both(a: Result, b: Result): Result {
  if (b.length === 0) return a;
  if (a.length === 0) return b;
  return [...a, ...b];
}

function incompatible(type: IncompatibilityType, location: Location, message: string): Result {
  return [{ type, location: `/${location.join('/')}`, message }];
}

function describe(schema: AvroSchema): string {
  return isNamed(schema) ? `${schema.type} ${schema.fullName}` : schema.type;
}

function typeMismatch(reader: AvroSchema, writer: AvroSchema, location: Location): Result {
  return incompatible(
    'TYPE_MISMATCH',
    location,
    `the reader's ${describe(reader)} cannot take the writer's ${describe(writer)}`,
  );
}

function checkName(reader: NamedSchema, writer: NamedSchema, location: Location): Result {
  if (reader.name === writer.name || reader.aliases.includes(writer.fullName)) return COMPATIBLE;
  return incompatible(
    'NAME_MISMATCH',
    [...location, 'name'],
    `the reader's ${reader.type} ${reader.fullName} has neither the name nor an alias of the writer's ${writer.fullName}`,
  );
}

function checkSize(reader: FixedSchema, writer: FixedSchema, location: Location): Result {
  if (reader.size === writer.size) return COMPATIBLE;
  return incompatible(
    'FIXED_SIZE_MISMATCH',
    [...location, 'size'],
    `the reader's ${reader.fullName} has ${reader.size} bytes, the writer's ${writer.size}`,
  );
}

function checkSymbols(reader: EnumSchema, writer: EnumSchema, location: Location): Result {
  if (reader.default !== undefined) return COMPATIBLE;
  const known = new Set(reader.symbols);
  const missing = writer.symbols.filter((symbol) => !known.has(symbol));
  if (missing.length === 0) return COMPATIBLE;
  return incompatible(
    'MISSING_ENUM_SYMBOLS',
    [...location, 'symbols'],
    `the reader's enum ${reader.fullName} has no default and lacks ${missing.join(', ')}`,
  );
}

function findWriterField(writer: RecordSchema, { name, aliases }: AvroField): AvroField | undefined {
  const direct = writer.fieldsByName.get(name);
  if (aliases.length === 0) return direct;
  const found = direct ? [direct] : [];
  for (const alias of aliases) {
    const field = writer.fieldsByName.get(alias);
    if (field) found.push(field);
  }
  if (found.length > 1)
    throw new AmbiguousField(
      `reader field "${name}" takes several fields of the writer's ${writer.fullName}: ${found.map((field) => field.name).join(', ')}`,
    );
  return found[0];
}

/** One comparison of two schemas; follows `SchemaCompatibility.ReaderWriterCompatibilityChecker` of Avro's Java. */
class CompatibilityChecker {
  readonly #known = new Map<AvroSchema, Map<AvroSchema, Result>>();

  check(reader: AvroSchema, writer: AvroSchema, location: Location): Result {
    // A pair without a named type is met once only.
    if (!isNamed(reader) && !isNamed(writer)) return this.#compare(reader, writer, location);
    let known = this.#known.get(reader);
    if (!known) this.#known.set(reader, (known = new Map<AvroSchema, Result>()));
    const before = known.get(writer);
    // Compatible until shown otherwise: the comparison under way will find what there is to find.
    if (before) return before;
    known.set(writer, IN_PROGRESS);
    const result = this.#compare(reader, writer, location);
    known.set(writer, result);
    return result;
  }

  #under(token: string | number, reader: AvroSchema, writer: AvroSchema, location: Location): Result {
    location.push(token);
    const result = this.check(reader, writer, location);
    location.pop();
    return result;
  }

  #compare(reader: AvroSchema, writer: AvroSchema, location: Location): Result {
    if (writer.type === 'union') {
      return reader.type === 'union'
        ? this.#compareUnions(reader, writer, location)
        : this.#compareBranches(reader, writer, location);
    }
    switch (reader.type) {
      case 'union':
        return reader.branches.some((branch) => this.check(branch, writer, []).length === 0)
          ? COMPATIBLE
          : missingBranch(writer, location);
      case 'array':
        return writer.type === 'array'
          ? this.#under('items', reader.items, writer.items, location)
          : typeMismatch(reader, writer, location);
      case 'map':
        return writer.type === 'map'
          ? this.#under('values', reader.values, writer.values, location)
          : typeMismatch(reader, writer, location);
      case 'record':
        return writer.type === 'record'
          ? both(checkName(reader, writer, location), this.#compareFields(reader, writer, location))
          : typeMismatch(reader, writer, location);
      case 'enum':
        return writer.type === 'enum'
          ? both(checkName(reader, writer, location), checkSymbols(reader, writer, location))
          : typeMismatch(reader, writer, location);
      case 'fixed':
        return writer.type === 'fixed'
          ? both(checkName(reader, writer, location), checkSize(reader, writer, location))
          : typeMismatch(reader, writer, location);
      default:
        return reader.type === writer.type || PROMOTIONS[reader.type].includes(writer.type)
          ? COMPATIBLE
          : typeMismatch(reader, writer, location);
    }
  }

  #compareBranches(reader: AvroSchema, writer: UnionSchema, location: Location): Result {
    const findings = new Findings();
    for (const [index, branch] of writer.branches.entries())
      findings.add(this.#under(index, reader, branch, location));
    return findings.result;
  }

  #compareUnions(reader: UnionSchema, writer: UnionSchema, location: Location): Result {
    const findings = new Findings();
    for (const [index, branch] of writer.branches.entries()) {
      if (this.check(reader, branch, []).length > 0)
        findings.add(missingBranch(branch, [...location, index]));
    }
    return findings.result;
  }

  #compareFields(reader: RecordSchema, writer: RecordSchema, location: Location): Result {
    const findings = new Findings();
    location.push('fields');
    for (const [index, field] of reader.fields.entries()) {
      location.push(index);
      findings.add(this.#compareField(field, writer, location));
      location.pop();
    }
    location.pop();
    return findings.result;
  }

  #compareField(field: AvroField, writer: RecordSchema, location: Location): Result {
    const { name, schema } = field;
    const written = findWriterField(writer, field);
    if (written) return this.#under('type', schema, written.schema, location);
    if (field.default !== undefined) return COMPATIBLE;
    // Java compares the enum with the whole record here: always a mismatch.
    if (schema.type === 'enum' && schema.default !== undefined)
      return this.#under('type', schema, writer, location);
    return incompatible(
      'READER_FIELD_MISSING_DEFAULT_VALUE',
      location,
      `reader field "${name}" has no default, and the writer's ${writer.fullName} has no such field`,
    );
  }
}

function missingBranch(writer: AvroSchema, location: Location): Result {
  return incompatible(
    'MISSING_UNION_BRANCH',
    location,
    `no branch of the reader's union can take the writer's ${branchName(writer)}`,
  );
}

/**
 * Returns why data of `writer` cannot all be read with `reader`, nothing when it can: what Apache Avro Java 1.12.1
 * (`SchemaCompatibility`) says, in its order and with its repetitions.
 * Throws `AmbiguousField` where Java throws, and a RangeError for schemas that are too deep for the stack.
 */
export function checkCompatibility(reader: AvroSchema, writer: AvroSchema): readonly Incompatibility[] {
  return new CompatibilityChecker().check(reader, writer, []);
}
