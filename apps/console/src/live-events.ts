/** The records that arrive while somebody watches: decoded, counted, the last ones kept. */
import type { EventEnvelope, RawRecord } from '@eda/kafka';
import { previewBytes, readable, readableHeaders } from './bytes-preview.ts';
import { placeOf } from './dead-letters.ts';
import type { LiveEvent, Messages } from './messages.ts';

export interface LiveEvents {
  /** Takes a record that just arrived and counts it for its topic. */
  add(event: LiveEvent): void;
  /** Counts a record that is shown elsewhere, so that the rates are true. */
  count(topic: string): void;
  /** Returns the last events, the oldest first. */
  recent(): readonly LiveEvent[];
  /** Returns what arrived since the last call, at most `limit` events, or `undefined` when nothing did. */
  takeArrived(limit: number): Messages['events'] | undefined;
  /** Returns how many records arrived since the last call, by topic. */
  takeCounts(): Record<string, number>;
}

/** Returns an empty ring that keeps the last `keep` events. */
export function createLiveEvents(keep: number): LiveEvents {
  let ring: LiveEvent[] = [];
  let arrived: LiveEvent[] = [];
  let skipped = 0;
  let counts: Record<string, number> = {};
  const count = (topic: string): void => {
    counts[topic] = (counts[topic] ?? 0) + 1;
  };

  return {
    add(event) {
      count(event.topic);
      ring.push(event);
      if (ring.length > keep * 2) ring = ring.slice(-keep);
      arrived.push(event);
      if (arrived.length > keep * 2) {
        skipped += arrived.length - keep;
        arrived = arrived.slice(-keep);
      }
    },
    count,
    recent: () => ring.slice(-keep),
    takeArrived(limit) {
      if (arrived.length === 0) return undefined;
      const events = arrived.slice(-limit);
      const taken = { events, skipped: skipped + arrived.length - events.length };
      arrived = [];
      skipped = 0;
      return taken;
    },
    takeCounts() {
      const taken = counts;
      counts = {};
      return taken;
    },
  };
}

/** Describes a record for the page: with its decoded event, or with the reason why there is none. */
export function describeRecord(record: RawRecord, decoded: EventEnvelope<unknown> | Error): LiveEvent {
  const base = {
    at: placeOf(record.topic, record.partition, record.offset),
    topic: record.topic,
    partition: record.partition,
    offset: String(record.offset),
    time: record.timestamp.getTime(),
    key: record.key && readable(record.key),
    bytes: record.value?.length ?? 0,
    headers: readableHeaders(record.headers),
  };
  if (decoded instanceof Error) {
    return {
      ...base,
      problem: decoded.message,
      ...(record.value ? { preview: previewBytes(record.value) } : {}),
    };
  }
  const { correlationid, causationid } = decoded.extensions;
  return {
    ...base,
    event: {
      id: decoded.id,
      type: decoded.type,
      source: decoded.source,
      time: decoded.time.getTime(),
      data: plain(decoded.data),
      ...(correlationid === undefined ? {} : { correlationId: correlationid }),
      ...(causationid === undefined ? {} : { causationId: causationid }),
    },
  };
}

/** Turns decoded data into what JSON can carry: big numbers as strings, bytes as readable text. */
function plain(data: unknown): unknown {
  if (typeof data === 'bigint') return String(data);
  if (Buffer.isBuffer(data)) return previewBytes(data).text;
  if (data instanceof Date) return data.toISOString();
  if (Array.isArray(data)) return data.map(plain);
  if (data === null || typeof data !== 'object') return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, plain(value)]));
}
