import { describe, expect, it } from 'vitest';
import { stockMoved } from './generated/index.ts';
import { withDefaults } from './with-defaults.ts';

const INPUT = {
  storeId: 'Store_1',
  sku: 'Item_1',
  quantity: 1,
  reason: 'SALE',
  occurredAt: new Date(0),
} as const;

describe('withDefaults', () => {
  it('fills in what was left out', () => {
    expect(withDefaults(stockMoved, INPUT)).toStrictEqual({ ...INPUT, unitPrice: null });
  });

  it('keeps what was given', () => {
    expect(withDefaults(stockMoved, { ...INPUT, unitPrice: '1.50' })).toStrictEqual({
      ...INPUT,
      unitPrice: '1.50',
    });
  });

  it('refuses what does not fit, with the place', () => {
    expect(() => withDefaults(stockMoved, { ...INPUT, quantity: 2 ** 31 })).toThrow(
      'quantity: expected int, found 2147483648',
    );
  });
});
