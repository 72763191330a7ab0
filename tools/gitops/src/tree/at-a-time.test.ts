import { expect, it } from 'vitest';
import { atATime } from './at-a-time.ts';

it('works on no more than so many items at a time, and keeps their order', async () => {
  let [now, most] = [0, 0];
  const results = await atATime(
    [3, 1, 2, 0],
    async (item) => {
      most = Math.max(most, ++now);
      for (let turn = 0; turn < item; turn++) await Promise.resolve();
      now--;
      return item * 10;
    },
    2,
  );
  expect(results).toEqual([30, 10, 20, 0]);
  expect(most).toBe(2);
});

it('fails with the first that fails', async () => {
  await expect(atATime([1, 2], () => Promise.reject(new Error('no')), 1)).rejects.toThrow('no');
});
