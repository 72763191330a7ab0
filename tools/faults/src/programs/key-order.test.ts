import { expect, it } from 'vitest';
import type { LoadEvent } from '../load.ts';
import { createKeyOrder } from './key-order.ts';

const event = (key: string, sequence: number): LoadEvent => ({
  n: sequence,
  id: `${key}${sequence}`,
  key,
  sequence,
  kind: 'plain',
});

it('What failed goes again before anything newer of its key, and other keys do not wait', async () => {
  const sent: string[][] = [];
  const failing = new Set(['a1', 'a2']);
  const order = createKeyOrder((events) => {
    sent.push(events.map(({ id }) => id));
    return Promise.resolve(events.filter(({ id }) => failing.delete(id)));
  });
  order.offer([event('a', 1), event('b', 1)]);
  order.offer([event('a', 2)]);
  expect(order.open).toBe(3);
  await Promise.resolve();
  await Promise.resolve();
  order.offer([event('a', 3), event('b', 2)]);
  await order.idle();
  expect(order.open).toBe(0);
  expect(sent).toEqual([['a1'], ['b1'], ['a2'], ['b2'], ['a1', 'a2', 'a3']]);
});

it('Behind several events that are under way nothing newer of their key is sent: one of them may be refused already', async () => {
  const sent: string[][] = [];
  const first = Promise.withResolvers<LoadEvent[]>();
  const order = createKeyOrder((events) => {
    sent.push(events.map(({ id }) => id));
    return sent.length === 1 ? first.promise : Promise.resolve([]);
  });
  order.offer([event('a', 1), event('a', 2)]);
  order.offer([event('a', 3)]);
  first.resolve([event('a', 2)]);
  await order.idle();
  expect(sent).toEqual([
    ['a1', 'a2'],
    ['a2', 'a3'],
  ]);
});
