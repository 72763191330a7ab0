import { Pool } from 'pg';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { createOutboxRelay } from './outbox-relay.ts';
import type { Producer } from './types.ts';

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

it('leaves no timer behind when it stopped before its deadline', async () => {
  // Nothing listens on port 1: the relay tries again until it is stopped.
  const pool = new Pool({ host: '127.0.0.1', port: 1 });
  const relay = createOutboxRelay({ pool, producer: {} as Producer, logger: pino({ level: 'silent' }) });
  const before = timers();

  await relay.start();
  await relay.stop(60_000);

  expect(timers()).toBeLessThanOrEqual(before);
  await pool.end();
});
