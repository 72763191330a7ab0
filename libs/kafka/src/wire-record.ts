import type { WireRecord } from './client-types.ts';
import { InvalidRecord } from './errors.ts';
import type { TraceHeaders } from './trace-context.ts';
import type { OutgoingRecord } from './types.ts';

/** Bytes of one record on the wire besides its key, value and headers; an upper bound. */
const RECORD_OVERHEAD = 70;
const HEADER_OVERHEAD = 10;

type HeaderValue = OutgoingRecord['headers'][string];

function sizeOfOne(name: string, value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (Buffer.isBuffer(value)) return value.length;
  throw new InvalidRecord(
    `header ${name} is neither a string nor bytes but ${value === null ? 'null' : typeof value}`,
  );
}

function sizeOfHeader(name: string, value: HeaderValue): number {
  const each = HEADER_OVERHEAD + Buffer.byteLength(name);
  if (!Array.isArray(value)) return each + sizeOfOne(name, value);
  let size = 0;
  for (const one of value) size += each + sizeOfOne(name, one);
  return size;
}

function sizeOfBytes(what: string, value: unknown): number {
  if (value === null) return 0;
  if (Buffer.isBuffer(value)) return value.length;
  throw new InvalidRecord(`the ${what} is neither bytes nor null but ${typeof value}`);
}

/**
 * Checks a record at run time and makes it ready for the wire; throws `InvalidRecord`. Its size is never less than on the wire.
 * Headers are copied, and `trace` is put over them: what the caller does with its object later changes nothing.
 */
export function toWireRecord(record: OutgoingRecord, now = Date.now(), trace: TraceHeaders = {}): WireRecord {
  const { topic, partition, key, value } = record;
  if (typeof topic !== 'string' || topic === '') throw new InvalidRecord('the topic is not a name');
  if (partition !== undefined && !(Number.isInteger(partition) && partition >= 0)) {
    throw new InvalidRecord(`the partition is not a natural number but ${String(partition)}`);
  }
  let size = RECORD_OVERHEAD + sizeOfBytes('key', key) + sizeOfBytes('value', value);
  const headers = { ...record.headers };
  if (trace.traceparent !== undefined) Object.assign(headers, trace);
  for (const name in headers) {
    const header = headers[name] as HeaderValue;
    size += sizeOfHeader(name, header);
    if (Array.isArray(header)) headers[name] = [...header];
  }
  return { key, value, headers, timestamp: now, size };
}
