import type { Succession } from './pending-record.ts';
import type { OutgoingRecord } from './types.ts';

export interface Successions {
  /** The one of the record's topic and key; undefined for a record without a key. */
  of(record: OutgoingRecord): Succession | undefined;
}

/** One succession per topic and key, among the records of one call. */
export function createSuccessions(): Successions {
  const topics = new Map<string, Map<string, Succession>>();
  return {
    of({ topic, key }) {
      // A key that is none is refused with a reason elsewhere.
      if (!Buffer.isBuffer(key)) return undefined;
      let keys = topics.get(topic);
      if (keys === undefined) topics.set(topic, (keys = new Map<string, Succession>()));
      const text = key.toString('latin1');
      let succession = keys.get(text);
      if (succession === undefined) keys.set(text, (succession = {}));
      return succession;
    },
  };
}
