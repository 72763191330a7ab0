import { EVENTS, TOPOLOGY, storeStockChanged } from '@eda/contracts';
import type { EventCodec, EventEnvelope, RawRecord } from '@eda/kafka';
import { afterEach, describe, expect, it } from 'vitest';
import { createConsoleState } from './console-state.ts';
import type { ConsoleState } from './console-state.ts';
import { createHealthProbe } from './health-probe.ts';
import { createLagMonitor } from './lag.ts';
import { createRecordRouter } from './record-router.ts';
import { topologyFor } from './topology.ts';

type Answer = EventEnvelope<never> | Promise<EventEnvelope<never>>;

const states: ConsoleState[] = [];

function routed(decode: (record: RawRecord) => Answer, isLive: (topic: string) => boolean = () => true) {
  const state = createConsoleState({
    topology: topologyFor(TOPOLOGY),
    health: createHealthProbe([]),
    lag: createLagMonitor({ groupLag: () => Promise.resolve([]) }, []),
  });
  states.push(state);
  const codec = {
    decode: (_contract: unknown, record: RawRecord) => decode(record),
  } as unknown as EventCodec;
  return { state, take: createRecordRouter({ codec, contracts: EVENTS, state, isLive }) };
}

const record = (offset: number, more: Partial<RawRecord> = {}): RawRecord => ({
  topic: storeStockChanged.topic,
  partition: 0,
  offset: BigInt(offset),
  timestamp: new Date(0),
  key: Buffer.from('Store_1'),
  value: Buffer.from([0]),
  headers: {},
  ...more,
});
const stockOf = (count: number) =>
  ({
    id: 'e',
    type: storeStockChanged.type,
    source: '/eda/inventory',
    time: new Date(0),
    key: 'Store_1',
    data: { storeId: 'Store_1', stock: { Item_1: count }, asOf: new Date(0) },
    extensions: {},
  }) as unknown as EventEnvelope<never>;

describe('the way of a record', () => {
  afterEach(() => states.splice(0).forEach((state) => state.stop()));

  it('keeps the order of a topic, also when the first record has to wait for its schema', async () => {
    const first = Promise.withResolvers<EventEnvelope<never>>();
    const { state, take } = routed(({ offset }) => (offset === 1n ? first.promise : stockOf(2)));
    take(record(1));
    take(record(2));
    expect(state.events.recent()).toEqual([]);

    first.resolve(stockOf(1));
    await expect.poll(() => state.events.recent().map((event) => event.offset)).toEqual(['1', '2']);
    expect(state.stock.page(1).stores[0]?.stock).toEqual({ Item_1: 2 });
  });

  it('is no news when it stood in the log before, but its stock counts', () => {
    const { state, take } = routed(
      () => stockOf(3),
      () => false,
    );
    take(record(1));
    expect(state.events.recent()).toEqual([]);
    expect(state.stock.page(1).totalStores).toBe(1);
  });

  it('ends for a store at its tombstone', () => {
    const { state, take } = routed(({ value }) => {
      if (value === null) throw new Error('tombstone');
      return stockOf(3);
    });
    take(record(1));
    take(record(2, { value: null }));
    expect(state.stock.page(1).totalStores).toBe(0);
  });

  it('shows what no consumer of ours put into a dead-letter topic too', () => {
    const { state, take } = routed(() => stockOf(1));
    take(record(5, { topic: 'retail.stock-moved.v1.inventory.dlq' }));
    expect(state.deadLetters.page(1).letters).toMatchObject([{ code: 'FOREIGN', offset: '5' }]);
  });
});
