import { describe, expect, it } from 'vitest';
import type { LiveEvent, Snapshot, StockChange, Tick } from '../messages.ts';
import { KEPT_EVENTS, KEPT_TICKS, applyMessage, flashKey, initialState } from './state.ts';

const event = (offset: number): LiveEvent => ({
  at: `topic/0/${offset}`,
  topic: 'topic',
  partition: 0,
  offset: String(offset),
  time: 0,
  key: null,
  bytes: 0,
  headers: {},
});
const tick = (time: number): Tick => ({ time, counts: {}, lag: {} });
const change = (stores: StockChange['stores'], more: Partial<StockChange> = {}): StockChange => ({
  stores,
  items: [],
  removedStores: [],
  removedItems: [],
  totalStores: stores.length,
  totalItems: 0,
  ...more,
});
const store = (storeId: string, stock: Record<string, number>) => ({ storeId, stock, asOf: 0 });

describe('the state of the page', () => {
  it('is replaced by a snapshot, except for the connection', () => {
    const snapshot: Snapshot = {
      topology: { apps: [], topics: [], flows: [] },
      feed: { state: 'live', detail: '' },
      health: [],
      events: [event(1)],
      stock: { stores: [store('Store_1', {})], items: [], totalStores: 1, totalItems: 0 },
      deadLetters: { letters: [], waiting: 3, redriven: 0 },
      ticks: [tick(1)],
    };
    const before = applyMessage(
      { ...initialState, connection: 'open' },
      'events',
      { events: [event(9)], skipped: 4 },
      0,
    );
    const after = applyMessage(before, 'snapshot', snapshot, 0);
    expect(after.connection).toBe('open');
    expect(after.events.map((one) => one.offset)).toEqual(['1']);
    expect(after.skipped).toBe(0);
    expect(after.deadLetters.waiting).toBe(3);
  });

  it('keeps the last events and the last minutes only', () => {
    const events = Array.from({ length: KEPT_EVENTS + 5 }, (_, index) => event(index));
    let state = applyMessage(initialState, 'events', { events, skipped: 2 }, 0);
    for (let time = 0; time < KEPT_TICKS + 5; time += 1) state = applyMessage(state, 'tick', tick(time), 0);
    expect(state.events).toHaveLength(KEPT_EVENTS);
    expect(state.events[0]?.offset).toBe('5');
    expect(state.skipped).toBe(2);
    expect(state.ticks).toHaveLength(KEPT_TICKS);
  });

  it('moves a changed store to the front and remembers by how much its numbers changed', () => {
    const stores = [store('Store_1', { Item_1: 10, Item_2: 5 }), store('Store_2', { Item_1: 1 })];
    let state = applyMessage(initialState, 'stock', change(stores), 1000);
    state = applyMessage(state, 'stock', change([store('Store_1', { Item_1: 10, Item_2: 0 })]), 10_000);

    expect(state.stores.map((one) => one.storeId)).toEqual(['Store_1', 'Store_2']);
    expect(state.flashes.get(flashKey('Item_2', 'Store_1'))).toEqual({ delta: -5, at: 10_000 });
    expect(state.flashes.has(flashKey('Item_1', 'Store_1'))).toBe(false);
  });

  it('forgets a removed store', () => {
    let state = applyMessage(initialState, 'stock', change([store('Store_1', {})]), 0);
    state = applyMessage(state, 'stock', change([], { removedStores: ['Store_1'] }), 0);
    expect(state.stores).toEqual([]);
  });
});
