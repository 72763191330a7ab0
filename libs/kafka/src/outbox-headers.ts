import type { OutgoingRecord } from './types.ts';

/** A header value in JSON: text as it is, bytes as an object. */
type StoredValue = string | { readonly base64: string };
export type StoredHeaders = Record<string, StoredValue | StoredValue[]>;

function store(value: string | Buffer): StoredValue {
  return typeof value === 'string' ? value : { base64: value.toString('base64') };
}

function restore(value: StoredValue): string | Buffer {
  return typeof value === 'string' ? value : Buffer.from(value.base64, 'base64');
}

/** Headers as a JSON object; text stays readable in the table. */
export function storeHeaders(headers: OutgoingRecord['headers']): StoredHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(store) : store(value),
    ]),
  );
}

/** The headers that `storeHeaders` stored. */
export function restoreHeaders(stored: StoredHeaders): OutgoingRecord['headers'] {
  return Object.fromEntries(
    Object.entries(stored).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(restore) : restore(value),
    ]),
  );
}
