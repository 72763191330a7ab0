import { crc32 } from 'node:zlib';
import type { RawRecord } from './types.ts';

/** A checksum by which a record is recognised again at its offset; a topic that was deleted and made anew has another one there. */
export function fingerprint({
  timestamp,
  key,
  value,
}: Pick<RawRecord, 'timestamp' | 'key' | 'value'>): number {
  const time = crc32(String(timestamp.getTime()));
  return crc32(value ?? 'no value', crc32(key ?? 'no key', time));
}
