/** The one record of the benchmark: an Avro value of a chosen size whose first field numbers it, so that a log can be audited. */
import { createCodec, createFixedCatalog, type EventContract } from '@eda/contracts';
import type { EventCodec } from '@eda/kafka';

export interface BenchEvent {
  /** Number of the record within its run, plus `BASE`. */
  readonly sequence: number;
  /** When it was due, microseconds since 1970. */
  readonly dueAt: number;
  readonly customer: string;
  readonly note: string;
}

export const SOURCE = '/eda/bench';
export const KEYS = 10_000;

/** Every sequence above it takes four bytes in Avro, so that all values of a run are of one size. */
const BASE = 2 ** 20;
export const MAX_RECORDS = 2 ** 27 - BASE;
/** Avro begins behind the frame's five bytes. */
const SEQUENCE_AT = 5;
const SEQUENCE_BYTES = 4;
const DUE_BYTES = 8;
const CUSTOMER_BYTES = 20;

/** The contract of the records in `topic`. */
export function benchContract(topic: string): EventContract<BenchEvent> {
  return {
    type: 'eda.bench.v1.RecordMade',
    topic,
    subject: `${topic}-value`,
    kind: 'event',
    schema: JSON.stringify({
      type: 'record',
      name: 'RecordMade',
      namespace: 'eda.bench.v1',
      fields: [
        { name: 'sequence', type: 'long' },
        { name: 'dueAt', type: 'long' },
        { name: 'customer', type: 'string' },
        { name: 'note', type: 'string' },
      ],
    }),
    fingerprint: '',
    key: ({ customer }) => customer,
  };
}

/** The project's codec for `contract`, without a registry: schema ids only have to be equal in all processes. */
export function benchCodec(contract: EventContract<BenchEvent>): EventCodec {
  return createCodec(createFixedCatalog([contract]));
}

/** Microseconds since 1970, to a fraction of a millisecond also between processes of one machine. */
export function nowMicros(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}

/** Returns a function that makes events whose framed value has `valueBytes` bytes. Throws `RangeError` when that is too few. */
export function eventMaker(valueBytes: number): (sequence: number, dueAt?: number) => BenchEvent {
  const rest = valueBytes - SEQUENCE_AT - SEQUENCE_BYTES - DUE_BYTES - 1 - CUSTOMER_BYTES;
  const noteAt = notes(rest);
  const customers = Array.from(
    { length: KEYS },
    (_, index) => `customer-${String(index).padStart(CUSTOMER_BYTES - 9, '0')}`,
  );
  return (sequence, dueAt = nowMicros()) => ({
    sequence: sequence + BASE,
    dueAt,
    // A prime far from any power of two, so that neighbours go to different partitions.
    customer: customers[(sequence * 7919) % KEYS] as string,
    note: noteAt(sequence),
  });
}

/** Letters that no compression shortens by much, the same in every process. */
const LETTERS = randomText(1 << 17);

/** Text that takes `bytes` in Avro, its length prefix included; another one for each number. */
function notes(bytes: number): (sequence: number) => string {
  for (let prefix = 1; prefix <= 4; prefix += 1) {
    const length = bytes - prefix;
    if (length < 0 || varintBytes(length * 2) !== prefix) continue;
    const places = LETTERS.length - length;
    return (sequence) => {
      const at = (sequence * 7919) % places;
      return LETTERS.slice(at, at + length);
    };
  }
  throw new RangeError(`a value of ${bytes} bytes less than its fields cannot be made`);
}

function randomText(length: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  let state = 42;
  let text = '';
  while (text.length < length) {
    // A linear congruential generator (Numerical Recipes); its upper bits are the random ones.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += letters.charAt(state >>> 26);
  }
  return text;
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes += 1;
  return bytes;
}

/** The number of an event within its run. */
export function numberOf({ sequence }: BenchEvent): number {
  return sequence - BASE;
}

/** The number of the record that has this value, or -1 when the value is none of ours. */
export function sequenceOf(value: Buffer | null): number {
  if (value === null || value.length < SEQUENCE_AT + SEQUENCE_BYTES) return -1;
  let zigzag = 0;
  for (let index = 0; index < SEQUENCE_BYTES; index += 1) {
    const byte = value[SEQUENCE_AT + index] as number;
    zigzag += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 128 !== (index === SEQUENCE_BYTES - 1)) return -1;
  }
  return zigzag % 2 === 1 ? -1 : zigzag / 2 - BASE;
}

/** A record as it is on the wire, for clients that are measured without a codec. */
export interface WireTemplate {
  readonly headers: Readonly<Record<string, Buffer>>;
  /** Bytes of key, value and headers together. */
  readonly bytes: number;
  readonly key: (sequence: number) => Buffer;
  /** A value of its own for this number. */
  readonly value: (sequence: number) => Buffer;
}

/** Encodes one event as the library does and stamps numbers into copies: the same bytes at next to no cost. */
export function wireTemplate(topic: string, valueBytes: number): WireTemplate {
  const contract = benchContract(topic);
  const codec = benchCodec(contract);
  const make = eventMaker(valueBytes);
  const first = make(0);
  const record = codec.encode(contract, {
    id: '01900000-0000-7000-8000-000000000000',
    type: contract.type,
    source: SOURCE,
    time: new Date(),
    key: contract.key(first),
    data: first,
    extensions: {},
  });
  const value = record.value as Buffer;
  const headers = Object.fromEntries(
    Object.entries(record.headers).map(([name, text]) => [name, Buffer.from(text as string)]),
  );
  const keys = Array.from({ length: KEYS }, (_, index) => Buffer.from(make(index, 0).customer));
  return {
    headers,
    bytes:
      value.length +
      CUSTOMER_BYTES +
      Object.entries(headers).reduce((sum, [name, text]) => sum + name.length + text.length, 0),
    key: (sequence) => keys[sequence % KEYS] as Buffer,
    value(sequence) {
      const copy = Buffer.from(value);
      let zigzag = (sequence + BASE) * 2;
      for (let index = 0; index < SEQUENCE_BYTES; index += 1) {
        copy[SEQUENCE_AT + index] = (zigzag & 0x7f) | (index === SEQUENCE_BYTES - 1 ? 0 : 0x80);
        zigzag >>>= 7;
      }
      return copy;
    },
  };
}
