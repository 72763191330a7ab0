import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '../messages.ts';
import { matches } from './event-filter.ts';

const event: LiveEvent = {
  at: 'retail.stock-moved.v1/2/17',
  topic: 'retail.stock-moved.v1',
  partition: 2,
  offset: '17',
  time: 0,
  key: 'Store_1',
  bytes: 9,
  headers: {},
  event: {
    id: 'e-1',
    type: 'eda.retail.v1.StockMoved',
    source: '/eda/store',
    time: 0,
    data: { sku: 'Item_7' },
    correlationId: 'c0ffee',
  },
};

describe('the event filter', () => {
  it.each(['', 'store_1', 'ITEM_7', 'c0ffee', 'stockmoved item_7', 'v1/2/17'])(
    'lets an event through for "%s"',
    (words) => {
      expect(matches(event, words, '')).toBe(true);
    },
  );

  it('wants every word', () => {
    expect(matches(event, 'store_1 item_8', '')).toBe(false);
  });

  it('wants the chosen topic', () => {
    expect(matches(event, '', 'retail.stock-moved.v1')).toBe(true);
    expect(matches(event, '', 'retail.item-stock.v1')).toBe(false);
  });
});
