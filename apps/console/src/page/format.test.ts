import { describe, expect, it } from 'vitest';
import { byName, compact, oneLine, plural, shortType, topicName } from './format.ts';

describe('names', () => {
  it.each([
    ['retail.stock-moved.v1', 'stock-moved', 'retail · v1'],
    ['retail.stock-moved.v1.inventory.dlq', 'dead letters', 'of inventory'],
    ['something-else', 'something-else', ''],
  ])('takes the topic %s apart', (topic, title, context) => {
    expect(topicName(topic)).toEqual({ title, context });
  });

  it('are ordered as people count', () => {
    expect(['Store_10', 'Store_9'].sort(byName)).toEqual(['Store_9', 'Store_10']);
  });

  it('of types lose their namespace', () => {
    expect(shortType('eda.retail.v1.StockMoved')).toBe('StockMoved');
  });
});

describe('data on one line', () => {
  it('leaves out what is empty and what repeats the key, and shortens times and maps', () => {
    const data = {
      storeId: 'Store_1',
      unitPrice: null,
      quantity: 5,
      occurredAt: '2026-01-02T03:04:05.678Z',
      stock: { a: 1, b: 2, c: 3, d: 4, e: 5 },
    };
    expect(oneLine(data, 'Store_1')).toBe(
      'quantity 5 · occurredAt 03:04:05 · stock { a: 1, b: 2, c: 3, d: 4, … }',
    );
  });

  it('takes anything', () => {
    expect([oneLine('text', null), oneLine(null, null), oneLine(7, null)]).toEqual(['text', 'null', '7']);
  });
});

describe('numbers', () => {
  it('have a fitting noun and stay short', () => {
    expect([plural(1, 'store'), plural(2, 'store'), plural(0, 'try', 'tries')]).toEqual([
      '1 store',
      '2 stores',
      '0 tries',
    ]);
    expect([compact(12), compact(12_345)]).toEqual(['12', '12.3K']);
  });
});
