/**
 * The one table of Avro logical types: the generator reads from it which TypeScript type a field gets, the codec how
 * the value is made. A logical type that is missing here is refused by the generator; add it here to allow it.
 */
import avsc from 'avsc';
import type { Type, types } from 'avsc';
import { LONG } from './long-type.ts';

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

const MILLIS_PER_DAY = 86_400_000;

/** Without it, avsc would put the logical type on its own long. */
function withOurLong(schema: LogicalSchema, options?: object): object | undefined {
  return schema.type === 'long' ? { ...options, typeHook: () => LONG } : options;
}

/** Base of ours: a value written as the same logical type is taken as it is, a plain one is converted. */
abstract class Logical extends avsc.types.LogicalType {
  constructor(schema: LogicalSchema, options?: object) {
    super(schema as never, withOurLong(schema, options));
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
    const date = new Date(millis);
    if (Number.isNaN(date.getTime())) throw new RangeError(`${millis} is not a point in time`);
    return date;
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

  protected override sameMeaning(writer: this): boolean {
    return writer instanceof Decimal && writer.#scale === this.#scale;
  }

  protected override _fromValue(bytes: Buffer | undefined): string {
    // Past the end of the value; avsc notices when it has read all of it.
    if (!bytes) return '';
    return formatDecimal(fromTwosComplement(bytes), this.#scale);
  }

  protected override _toValue(value: unknown): Buffer | undefined {
    const unscaled = parseDecimal(value, this.#precision, this.#scale);
    if (unscaled === undefined) return undefined;
    const bytes = toTwosComplement(unscaled);
    if (this.#size === undefined) return bytes;
    if (bytes.length > this.#size) return undefined;
    return Buffer.concat([Buffer.alloc(this.#size - bytes.length, unscaled < 0n ? 0xff : 0), bytes]);
  }
}

/** Keeps a value as it is, but apart from others: a reader of milliseconds must not take microseconds for them. */
class Foreign extends avsc.types.LogicalType {
  constructor(schema: LogicalSchema, options?: object) {
    super(schema as never, withOurLong(schema, options));
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

function parseDecimal(value: unknown, precision: number, scale: number): bigint | undefined {
  const match = typeof value === 'string' ? /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) : null;
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  if (fraction.length > scale) return undefined;
  const digits = (whole + fraction.padEnd(scale, '0')).replace(/^0+/, '');
  if (digits.length > precision) return undefined;
  return BigInt(`${digits === '' ? '' : sign}${digits || '0'}`);
}

function formatDecimal(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function toTwosComplement(value: bigint): Buffer {
  let bytes = 1;
  while (BigInt.asIntN(bytes * 8, value) !== value) bytes += 1;
  return Buffer.from(
    BigInt.asUintN(bytes * 8, value)
      .toString(16)
      .padStart(bytes * 2, '0'),
    'hex',
  );
}

function fromTwosComplement(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
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
