import { expect, test } from 'vitest';
import { stockChange } from './stock.ts';

test('a sale takes pieces out, a restock brings them in', () => {
  expect(stockChange({ reason: 'SALE', quantity: 3 })).toBe(-3);
  expect(stockChange({ reason: 'RESTOCK', quantity: 3 })).toBe(3);
});

test('a movement nobody can add up is a permanent error that says why', () => {
  const poison = (code: string): unknown => expect.objectContaining({ verdict: 'poison', code });
  expect(() => stockChange({ reason: 'UNKNOWN', quantity: 3 })).toThrow(poison('REASON_UNKNOWN'));
  expect(() => stockChange({ reason: 'SALE', quantity: 0 })).toThrow(poison('QUANTITY_NOT_POSITIVE'));
  expect(() => stockChange({ reason: 'RESTOCK', quantity: -1 })).toThrow(poison('QUANTITY_NOT_POSITIVE'));
});
