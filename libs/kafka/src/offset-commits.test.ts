import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import { waitFor } from '@eda/testing';
import type { FetchedBatch, ReadPosition } from './client-types.ts';
import { SessionLost } from './client-types.ts';
import { OffsetCommits } from './offset-commits.ts';

/** Commits into `sent`, or fails with what `failures` holds first. */
function bench() {
  const sent: string[] = [];
  const failures: Error[] = [];
  const commit = vi.fn(async (positions: readonly ReadPosition[]) => {
    await Promise.resolve();
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    sent.push(positions.map(({ topic, partition, offset }) => `${topic}/${partition}@${offset}`).join(' '));
  });
  const batch = (partition: number) => ({ topic: 'orders', partition, commit }) as unknown as FetchedBatch;
  const commits = new OffsetCommits(pino({ level: 'silent' }), new AbortController().signal);
  return { commits, batch, sent, failures, commit };
}

it('commits all partitions with their newest positions in one request, soon and without being asked', async () => {
  const { commits, batch, sent } = bench();
  commits.decided(batch(0), 1n);
  commits.decided(batch(1), 7n);
  commits.decided(batch(0), 3n);
  await waitFor(() => sent.length > 0, { description: 'a commit' });
  await commits.flush();
  expect(sent).toEqual(['orders/0@3 orders/1@7']);
});

it('sends what was decided meanwhile after a commit that failed', async () => {
  const { commits, batch, sent, failures, commit } = bench();
  failures.push(new Error('the coordinator is loading'));
  commits.decided(batch(0), 1n);
  const flushed = commits.flush();
  await vi.waitFor(() => expect(commit).toHaveBeenCalledTimes(1));
  commits.decided(batch(0), 2n);
  await flushed;
  expect(sent).toEqual(['orders/0@2']);
});

it('keeps for later what no try could commit', async () => {
  const { commits, batch, sent, failures } = bench();
  failures.push(...Array.from({ length: 4 }, () => new Error('nobody answers')));
  commits.decided(batch(0), 1n);
  await commits.flush();
  expect(sent).toEqual([]);
  await commits.flush();
  expect(sent).toEqual(['orders/0@1']);
});

it('never commits what the group has taken away, what was forgotten, or after the end of the session', async () => {
  const { commits, batch, sent, failures } = bench();
  failures.push(new SessionLost('expelled', new Error('UNKNOWN_MEMBER_ID')));
  commits.decided(batch(0), 1n);
  await commits.flush();
  commits.decided(batch(0), 2n);
  commits.decided(batch(1), 5n);
  commits.forget('orders', 0);
  await commits.flush();
  commits.decided(batch(0), 3n);
  commits.forgetAll();
  await commits.flush();
  commits.close();
  commits.decided(batch(0), 4n);
  await commits.flush();
  expect(sent).toEqual(['orders/1@5']);
});
