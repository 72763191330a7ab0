import { expect, it } from 'vitest';
import { groupPartition } from './cluster-control.ts';

it('A group is found by the hash that Java makes of its name', () => {
  // "inventory".hashCode() is -2020599460, "a".hashCode() is 97.
  expect(groupPartition('inventory', 50)).toBe((-2020599460 & 0x7fffffff) % 50);
  expect(groupPartition('a', 50)).toBe(97 % 50);
});
