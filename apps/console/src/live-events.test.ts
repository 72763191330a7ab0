import type { RawRecord } from '@eda/kafka';
import { describe, expect, it } from 'vitest';
import { createLiveEvents, describeRecord } from './live-events.ts';

function record(offset: number, value: Buffer | null = Buffer.from([0])): RawRecord {
  return {
    topic: 'retail.stock-moved.v1',
    partition: 3,
    offset: BigInt(offset),
    timestamp: new Date(1000),
    key: Buffer.from('Store_1'),
    value,
    headers: { ce_type: Buffer.from('eda.retail.v1.StockMoved') },
  };
}

const live = (offset: number) => describeRecord(record(offset), new Error('unreadable'));
const offsets = (events: readonly { offset: string }[] = []) => events.map((event) => event.offset);

describe('live events', () => {
  it('keep only the last ones', () => {
    const events = createLiveEvents(3);
    for (let offset = 0; offset < 20; offset += 1) events.add(live(offset));
    expect(offsets(events.recent())).toEqual(['17', '18', '19']);
  });

  it('are handed out once, the newest if there are too many, and the rest is counted', () => {
    const events = createLiveEvents(100);
    for (let offset = 0; offset < 5; offset += 1) events.add(live(offset));

    const arrived = events.takeArrived(2);
    expect(offsets(arrived?.events)).toEqual(['3', '4']);
    expect(arrived?.skipped).toBe(3);
    expect(events.takeArrived(2)).toBeUndefined();
  });

  it('are counted by topic until the counts are taken', () => {
    const events = createLiveEvents(1);
    events.add(live(0));
    events.add(live(1));
    events.count('retail.stock-moved.v1.inventory.dlq');

    expect(events.takeCounts()).toEqual({
      'retail.stock-moved.v1': 2,
      'retail.stock-moved.v1.inventory.dlq': 1,
    });
    expect(events.takeCounts()).toEqual({});
  });
});

describe('a record on the page', () => {
  it('shows the event with what JSON cannot carry turned into text', () => {
    const described = describeRecord(record(7), {
      id: 'e-1',
      type: 'eda.retail.v1.StockMoved',
      source: '/eda/store',
      time: new Date(5),
      key: 'Store_1',
      data: {
        at: new Date(0),
        big: 9_007_199_254_740_993n,
        nested: [{ bytes: Buffer.from('ab') }],
        none: null,
      },
      extensions: { correlationid: 'c-1' },
    });
    expect(described).toMatchObject({ at: 'retail.stock-moved.v1/3/7', key: 'Store_1', time: 1000 });
    expect(described.event).toEqual({
      id: 'e-1',
      type: 'eda.retail.v1.StockMoved',
      source: '/eda/store',
      time: 5,
      data: {
        at: '1970-01-01T00:00:00.000Z',
        big: '9007199254740993',
        nested: [{ bytes: 'ab' }],
        none: null,
      },
      correlationId: 'c-1',
    });
    expect(() => JSON.stringify(described)).not.toThrow();
  });

  it('shows the reason and the bytes when nobody can decode it', () => {
    const described = describeRecord(record(1, Buffer.from([0xff, 0xfe])), new Error('no magic byte'));
    expect(described).toMatchObject({
      problem: 'no magic byte',
      preview: { encoding: 'hex', text: 'ff fe' },
    });
    expect(described.event).toBeUndefined();
  });

  it('has no preview when it has no value', () => {
    expect(describeRecord(record(1, null), new Error('tombstone')).preview).toBeUndefined();
  });
});
