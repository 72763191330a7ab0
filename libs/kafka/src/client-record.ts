import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { RawHeaders, RawRecord } from './types.ts';

const EMPTY = Buffer.alloc(0);

function toBuffer(value: Buffer | string | null | undefined): Buffer {
  if (value === null || value === undefined) return EMPTY;
  return typeof value === 'string' ? Buffer.from(value) : value;
}

/** In place: the message was made for us, and almost every header is a Buffer already. */
function toRawHeaders(headers: IHeaders | undefined): RawHeaders {
  if (headers === undefined) return {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (!(value instanceof Buffer))
      headers[name] = Array.isArray(value) ? value.map(toBuffer) : toBuffer(value);
  }
  return headers as RawHeaders;
}

/** A fetched message in our words. A header without a value becomes an empty one: kafkajs could not send it on otherwise. */
export function toRawRecord(topic: string, partition: number, message: KafkaMessage): RawRecord {
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    timestamp: new Date(Number(message.timestamp)),
    key: message.key,
    value: message.value,
    headers: toRawHeaders(message.headers),
  };
}
