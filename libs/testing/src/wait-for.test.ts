import { expect, it } from 'vitest';
import { waitFor } from './wait-for.ts';

it('resolves with the first value that is there', async () => {
  let asked = 0;

  const value = await waitFor(() => (++asked < 3 ? undefined : asked), { description: 'the third answer' });

  expect(value).toBe(3);
});

it('asks again when the condition throws', async () => {
  let asked = 0;
  const condition = () => {
    asked += 1;
    if (asked < 2) throw new Error('not yet');
    return true;
  };

  await expect(waitFor(condition, { description: 'no error' })).resolves.toBe(true);
});

it('rejects after its time-out and says what was waited for and what went wrong last', async () => {
  const broken = () => Promise.reject(new Error('still broken'));

  const waiting = waitFor(broken, { timeoutMs: 30, description: 'the impossible' });

  await expect(waiting).rejects.toMatchObject({
    message: 'waited 30 ms in vain: the impossible',
    cause: { message: 'still broken' },
  });
});
