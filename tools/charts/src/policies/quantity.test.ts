import { describe, expect, it } from 'vitest';
import { parseQuantity } from './quantity.ts';

describe('A quantity', () => {
  it.each([
    [1, 1],
    ['0.5', 0.5],
    ['100m', 0.1],
    ['1k', 1_000],
    ['256Mi', 268_435_456],
    ['1e3', 1_000],
    ['2E', 2e18],
    ['1Gi', 1_073_741_824],
  ])('%s is %d', (text, number) => {
    expect(parseQuantity(text)).toBeCloseTo(number);
  });

  it.each(['', 'Mi', '1Mb', 'much'])('"%s" is none', (text) => {
    expect(parseQuantity(text)).toBeNaN();
  });
});
