import type { WireRecord } from './client-types.ts';
import { InvalidRecord } from './errors.ts';
import type { OutgoingRecord, RawHeaders } from './types.ts';

/** Bytes of one record on the wire besides its key, value and headers; an upper bound. */
const RECORD_OVERHEAD = 70;
const HEADER_OVERHEAD = 10;

function headerValue(name: string, value: unknown): Buffer {
  if (typeof value === 'string') return Buffer.from(value);
  if (Buffer.isBuffer(value)) return value;
  throw new InvalidRecord(
    `header ${name} is neither a string nor bytes but ${value === null ? 'null' : typeof value}`,
  );
}

function bytesOrNull(what: string, value: unknown): Buffer | null {
  if (value === null || Buffer.isBuffer(value)) return value;
  throw new InvalidRecord(`the ${what} is neither bytes nor null but ${typeof value}`);
}

/** Checks a record at run time and makes it ready for the wire; throws `InvalidRecord`. */
export function toWireRecord(record: OutgoingRecord, now = new Date()): WireRecord {
  if (typeof record.topic !== 'string' || record.topic === '')
    throw new InvalidRecord('the topic is not a name');
  if (record.partition !== undefined && !(Number.isInteger(record.partition) && record.partition >= 0)) {
    throw new InvalidRecord(`the partition is not a natural number but ${String(record.partition)}`);
  }
  const headers: RawHeaders = {};
  for (const [name, value] of Object.entries(record.headers)) {
    headers[name] = Array.isArray(value)
      ? value.map((one) => headerValue(name, one))
      : headerValue(name, value);
  }
  return {
    key: bytesOrNull('key', record.key),
    value: bytesOrNull('value', record.value),
    headers,
    timestamp: now,
  };
}

/** The size in bytes that a record takes in a batch; never less than on the wire. */
export function wireSize({ key, value, headers }: WireRecord): number {
  let size = RECORD_OVERHEAD + (key?.length ?? 0) + (value?.length ?? 0);
  for (const [name, values] of Object.entries(headers)) {
    for (const one of Array.isArray(values) ? values : [values])
      size += HEADER_OVERHEAD + Buffer.byteLength(name) + one.length;
  }
  return size;
}
