/**
 * The one table of Avro logical types: the generator reads from it which TypeScript type a field gets, the codec how
 * the value is made. A logical type that is missing here is refused by the generator; add it here to allow it.
 */
import avsc from 'avsc';
import type { Type, types } from 'avsc';
import {
  decimalLength,
  formatDecimal,
  parseDecimal,
  readUnscaled,
  type Unscaled,
  writeUnscaled,
} from './decimal.ts';
import { PRIMITIVE_TYPES } from './primitive-types.ts';
import type { Tap } from './tap.ts';

/** What avsc gets as `schema` when it makes a logical type. */
interface LogicalSchema {
  readonly type: string;
  readonly logicalType: string;
  readonly precision?: number;
  readonly scale?: number;
  readonly size?: number;
}

/** avsc's typings say `Schema`, which hides the attributes of logical types. */
type LogicalTypeClass = new (schema: never, options?: object) => types.LogicalType;

export interface LogicalTypeMapping {
  /** The TypeScript type of the value. */
  readonly tsType: string;
  /** One sentence for the documentation of the field, when the TypeScript type does not say enough. */
  readonly doc?: (schema: LogicalSchema) => string;
  /** Avro types the logical type may stand on. */
  readonly on: readonly string[];
  readonly implementation: LogicalTypeClass;
  /** Turns the JSON form (examples, defaults in documentation) into the value. */
  readonly fromJson: (json: unknown) => unknown;
  /** What is wrong with the attributes of the schema, if anything. */
  readonly problem?: (schema: LogicalSchema) => string | undefined;
}

/** The part of an avsc type that reads. */
interface Readable {
  _read(tap: Tap): never;
}

const MILLIS_PER_DAY = 86_400_000;
/** The range of `Date`. */
const LAST_MILLIS = 8.64e15;

/** Without it, avsc would put the logical type on a primitive of its own. */
function onOurPrimitive({ type }: LogicalSchema, options?: object): object | undefined {
  const primitive = PRIMITIVE_TYPES.get(type);
  return primitive ? { ...options, typeHook: () => primitive } : options;
}

/** Base of ours: a value written as the same logical type is taken as it is, a plain one is converted. */
abstract class Logical extends avsc.types.LogicalType {
  constructor(schema: LogicalSchema, options?: object) {
    super(schema as never, onOurPrimitive(schema, options));
  }

  protected abstract override _fromValue(value: unknown): unknown;

  /** True when a value of `writer`, another instance of this class, means the same here. */
  protected sameMeaning(writer: this): boolean {
    return writer.constructor === this.constructor;
  }

  protected override _resolve(writer: Type): ((value: unknown) => unknown) | undefined {
    if (writer instanceof Logical) return this.sameMeaning(writer as this) ? (value) => value : undefined;
    return this.underlyingType.typeName === writer.typeName ? (value) => this._fromValue(value) : undefined;
  }
}

class TimestampMillis extends Logical {
  protected override _fromValue(millis: number): Date {
    if (!(millis >= -LAST_MILLIS && millis <= LAST_MILLIS))
      throw new RangeError(`${millis} is not a point in time`);
    return new Date(millis);
  }

  protected override _toValue(value: unknown): number | undefined {
    return value instanceof Date && !Number.isNaN(value.getTime()) ? value.getTime() : undefined;
  }
}

class CalendarDate extends Logical {
  protected override _fromValue(days: number): string {
    return new Date(days * MILLIS_PER_DAY).toISOString().slice(0, 10);
  }

  protected override _toValue(value: unknown): number | undefined {
    if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return undefined;
    const millis = Date.parse(value);
    return Number.isNaN(millis) || new Date(millis).toISOString().slice(0, 10) !== value
      ? undefined
      : millis / MILLIS_PER_DAY;
  }
}

class Uuid extends Logical {
  protected override _fromValue(value: string): string {
    return value;
  }

  protected override _toValue(value: unknown): string | undefined {
    return typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value)
      ? value
      : undefined;
  }
}

class Decimal extends Logical {
  readonly #precision: number;
  readonly #scale: number;
  /** Bytes of a `fixed`; undefined for `bytes`, which takes as few as possible. */
  readonly #size: number | undefined;

  constructor(schema: LogicalSchema, options?: object) {
    super(schema, options);
    this.#precision = schema.precision ?? 0;
    this.#scale = schema.scale ?? 0;
    this.#size = schema.type === 'fixed' ? schema.size : undefined;
  }

  /** So that the type tells its whole schema. */
  protected override _export(schema: avsc.Schema): void {
    Object.assign(schema, { precision: this.#precision, scale: this.#scale });
  }

  protected override sameMeaning(writer: this): boolean {
    return writer instanceof Decimal && writer.#scale === this.#scale;
  }

  protected override _fromValue(bytes: Buffer | undefined): string {
    // Past the end of the value; avsc notices when it has read all of it.
    if (!bytes) return '';
    return formatDecimal(readUnscaled(bytes, 0, bytes.length), this.#scale);
  }

  protected override _toValue(value: unknown): Buffer | undefined {
    const unscaled = this.#parse(value);
    if (unscaled === undefined) return undefined;
    const length = this.#size ?? decimalLength(unscaled);
    const bytes = Buffer.allocUnsafe(length);
    writeUnscaled(bytes, 0, length, unscaled);
    return bytes;
  }

  /** Without a buffer of its own in between, as avsc would make one. */
  _read(tap: Tap): string {
    const start = tap.pos;
    const length = this.#size ?? tap.readLong();
    const end = tap.pos + length;
    if (length < 0 || end > tap.buf.length) {
      tap.pos = start;
      return this._fromValue((this.underlyingType as unknown as Readable)._read(tap));
    }
    const unscaled = readUnscaled(tap.buf, tap.pos, length);
    tap.pos = end;
    return formatDecimal(unscaled, this.#scale);
  }

  _write(tap: Tap, value: unknown): void {
    const unscaled = this.#parse(value);
    if (unscaled === undefined) throw new TypeError(`invalid "${this.typeName}": ${String(value)}`);
    const length = this.#size ?? decimalLength(unscaled);
    if (this.#size === undefined) tap.writeLong(length);
    writeUnscaled(tap.buf, tap.pos, length, unscaled);
    tap.pos += length;
  }

  _check(value: unknown, _flags: unknown, hook?: (value: unknown, type: Type) => void): boolean {
    const valid = this.#parse(value) !== undefined;
    if (!valid) hook?.(value, this);
    return valid;
  }

  #parse(value: unknown): Unscaled | undefined {
    const unscaled = parseDecimal(value, this.#precision, this.#scale);
    return unscaled === undefined || decimalLength(unscaled) <= (this.#size ?? Infinity)
      ? unscaled
      : undefined;
  }
}

/** Keeps a value as it is, but apart from others: a reader of milliseconds must not take microseconds for them. */
class Foreign extends avsc.types.LogicalType {
  constructor(schema: LogicalSchema, options?: object) {
    super(schema as never, onOurPrimitive(schema, options));
  }

  protected override _fromValue(value: unknown): unknown {
    return value;
  }

  protected override _toValue(value: unknown): unknown {
    return value;
  }

  protected override _resolve(writer: Type): ((value: unknown) => unknown) | undefined {
    return writer instanceof Foreign && writer.typeName === this.typeName ? (value) => value : undefined;
  }
}

function decimalProblem({ precision, scale = 0 }: LogicalSchema): string | undefined {
  if (!Number.isInteger(precision) || (precision ?? 0) < 1)
    return 'decimal needs a "precision" of at least 1';
  if (!Number.isInteger(scale) || scale < 0) return '"scale" must be a whole number of at least 0';
  return scale > (precision ?? 0) ? `scale ${scale} is greater than precision ${precision ?? 0}` : undefined;
}

export const LOGICAL_TYPES: ReadonlyMap<string, LogicalTypeMapping> = new Map(
  Object.entries<LogicalTypeMapping>({
    decimal: {
      tsType: 'string',
      doc: ({ precision, scale }) =>
        `Decimal number as a string: at most ${precision ?? 0} digits, ${scale ?? 0} of them after the point.`,
      on: ['bytes', 'fixed'],
      implementation: Decimal,
      fromJson: (json) => json,
      problem: decimalProblem,
    },
    'timestamp-millis': {
      tsType: 'Date',
      on: ['long'],
      implementation: TimestampMillis,
      fromJson: (json) => (typeof json === 'string' ? new Date(json) : json),
    },
    date: {
      tsType: 'string',
      doc: () => 'YYYY-MM-DD.',
      on: ['int'],
      implementation: CalendarDate,
      fromJson: (json) => json,
    },
    uuid: {
      tsType: 'string',
      on: ['string'],
      implementation: Uuid,
      fromJson: (json) => json,
    },
  }),
);

/** Logical types of the Avro specification that we do not use, but that a foreign writer may. */
const FOREIGN = [
  'time-millis',
  'time-micros',
  'timestamp-micros',
  'timestamp-nanos',
  'local-timestamp-millis',
  'local-timestamp-micros',
  'local-timestamp-nanos',
];

const implementations = [...LOGICAL_TYPES].map(([name, { implementation }]) => [name, implementation]);

/** The `logicalTypes` option of avsc for all schemas, our own and foreign ones. */
export const LOGICAL_TYPE_CLASSES = Object.fromEntries([
  ...implementations,
  ...FOREIGN.map((name) => [name, Foreign]),
]) as Record<string, LogicalTypeClass>;
