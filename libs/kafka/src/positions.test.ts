import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { FetchedBatch, KafkaClient } from './client-types.ts';
import { createConsumerMetrics } from './consumer-metrics.ts';
import { Positions } from './positions.ts';
import { NO_STORE } from './record-store.ts';

/** The ends that the leader shows one after another, the last one for ever. */
function positionsWith(ends: readonly bigint[]) {
  let looks = 0;
  let open = 0;
  const reader = {
    connect: () => Promise.resolve((open += 1)),
    disconnect: () => Promise.resolve((open -= 1)),
    bounds: () => {
      const end = ends[Math.min(looks, ends.length - 1)] ?? 0n;
      looks += 1;
      return Promise.resolve([{ partition: 0, start: 0n, end }]);
    },
  };
  const positions = new Positions({
    client: { reader: () => reader } as unknown as KafkaClient,
    groupId: 'g',
    topics: ['t'],
    store: NO_STORE,
    startFrom: 'earliest',
    onOutOfRange: 'earliest',
    metrics: createConsumerMetrics(undefined, 'g', ['t'], () => true),
    logger: pino({ level: 'silent' }),
  });
  return { positions, looks: () => looks, open: () => open };
}

const batch = { topic: 't', partition: 0, logEnd: 1n } as FetchedBatch;

it('asks a new leader again that does not show yet what the last one has acknowledged', async () => {
  const { positions, looks } = positionsWith([1n, 40n, 50n]);

  expect(await positions.logEnd(batch, 50n)).toBe(50n);
  expect(looks()).toBe(3);
});

it('believes a log that stays short, and asks nothing where it is long enough', async () => {
  const short = positionsWith([1n]);
  expect(await short.positions.logEnd(batch, 50n)).toBe(1n);
  expect(short.looks()).toBeGreaterThan(2);

  const long = positionsWith([1n]);
  expect(await long.positions.logEnd(batch, 1n)).toBe(1n);
  expect(long.looks()).toBe(0);
});

it('makes no connection after the end of a session, and in the next one it does', async () => {
  const { positions, open } = positionsWith([1n, 50n]);
  await positions.logEnd(batch, 2n);
  expect(open()).toBe(1);

  await positions.close();
  await expect(positions.logEnd(batch, 50n)).rejects.toMatchObject({ code: 'CLOSED' });
  expect(open()).toBe(0);

  await positions.remember();
  expect(await positions.logEnd(batch, 50n)).toBe(50n);
});
