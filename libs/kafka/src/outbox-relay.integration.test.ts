import {
  createFaultySockets,
  createKafkaBench,
  jsonCodec,
  type KafkaBench,
  noteContract,
  waitFor,
} from '@eda/testing';
import type { PoolClient } from 'pg';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RecordTooLarge } from './errors.ts';
import { createOutbox } from './outbox.ts';
import type { EventEnvelope } from './types.ts';

const outbox = createOutbox({ codec: jsonCodec, source: '/test' });

let bench: KafkaBench;
let topic: string;

beforeAll(async () => {
  bench = await createKafkaBench();
  return () => bench[Symbol.asyncDispose]();
});
beforeEach(async () => {
  topic = await bench.newTopic();
});
afterEach(() => bench.cleanUp());

async function transaction(work: (tx: PoolClient) => Promise<void>, end = 'COMMIT'): Promise<void> {
  const tx = await bench.pool.connect();
  try {
    await tx.query('BEGIN');
    await work(tx);
    await tx.query(end);
  } catch (error) {
    await tx.query('ROLLBACK');
    throw error;
  } finally {
    tx.release();
  }
}

const append = (from: number, count: number, end?: string) =>
  transaction(async (tx) => {
    const texts = Array.from({ length: count }, (_, n) => ({ data: { key: 'key', text: `${from + n}` } }));
    await outbox.appendMany(tx, noteContract(topic), texts);
  }, end);

const numbers = (count: number) => Array.from({ length: count }, (_, n) => `${n}`);
const pending = (relay: { pending(): Promise<number> }, count = 0) =>
  waitFor(async () => (await relay.pending()) === count, {
    description: `${count} rows are pending`,
    timeoutMs: 30_000,
  });
async function published(): Promise<EventEnvelope<{ text: string }>[]> {
  return (await bench.readAll(topic)).map(
    ({ value }) => JSON.parse(value?.toString() ?? '') as EventEnvelope<{ text: string }>,
  );
}
const texts = async () => (await published()).map(({ data }) => data.text);

/** In the order of their first appearance. */
const distinct = (all: readonly string[]) => [...new Set(all)];

describe('the outbox', () => {
  it('publishes in the order of its rows what was committed, with the id that was given back', async () => {
    const relay = await bench.startRelay();
    let id = '';

    await transaction(async (tx) => {
      id = await outbox.append(tx, noteContract(topic), { key: 'key', text: '0' });
    });
    await append(1, 1200);
    relay.wake();
    await pending(relay);

    expect(await texts()).toEqual(numbers(1201));
    expect((await published())[0]).toMatchObject({ id, source: '/test' });
  });

  it('publishes nothing of a transaction that is rolled back', async () => {
    const relay = await bench.startRelay();

    await append(100, 3, 'ROLLBACK');
    await append(0, 1);
    await pending(relay);

    expect(await texts()).toEqual(['0']);
  });

  it('keeps headers as they are', async () => {
    const headers = { text: 'ä', bytes: Buffer.from([0, 255]), twice: ['1', '2'] };
    const withHeaders = createOutbox({
      codec: {
        ...jsonCodec,
        encode: (contract) => ({ topic: contract.topic, key: null, value: Buffer.from([1]), headers }),
      },
      source: '/test',
    });
    const relay = await bench.startRelay();

    await transaction(async (tx) => {
      await withHeaders.append(tx, noteContract(topic), { key: 'k', text: '' });
    });
    await pending(relay);

    const [record] = await bench.readAll(topic);
    expect(record?.headers).toEqual({
      text: Buffer.from('ä'),
      bytes: Buffer.from([0, 255]),
      twice: [Buffer.from('1'), Buffer.from('2')],
    });
  });

  it('fails the transaction with an event that Kafka would never take', async () => {
    const huge = transaction(async (tx) => {
      await outbox.append(tx, noteContract(topic), { key: 'k', text: 'x'.repeat(1_100_000) });
    });

    await expect(huge).rejects.toBeInstanceOf(RecordTooLarge);
  });
});

describe('two relays', () => {
  it('do not get in each other’s way, and the second takes over when the first stops', async () => {
    const first = await bench.startRelay();
    await waitFor(() => first.health().leader, { description: 'the first leads' });
    const second = await bench.startRelay();
    await append(0, 500);
    await pending(first);
    expect([first.health().leader, second.health()]).toEqual([
      true,
      { ready: true, live: true, leader: false },
    ]);

    await first.stop();
    await append(500, 500);
    await pending(second);

    expect(second.health().leader).toBe(true);
    expect(await texts()).toEqual(numbers(1000));
  });

  it('take over when the database ends the leader’s connection, without a gap and in order', async () => {
    const relays = [await bench.startRelay({ batchSize: 20 }), await bench.startRelay({ batchSize: 20 })];
    await append(0, 1000);
    for (let kills = 0; kills < 4; kills += 1) {
      await waitFor(() => relays.some((relay) => relay.health().leader), { description: 'one leads' });
      await bench.pool.query(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      );
    }
    await append(1000, 100);
    await pending(relays[0] as (typeof relays)[0]);

    // A batch that was acknowledged and not yet deleted comes again; inboxes know its events.
    expect(distinct(await texts())).toEqual(numbers(1100));
  });
});

describe('while Kafka is away', () => {
  it('rows wait, the health says why, and everything arrives once and in order later', async () => {
    const faults = createFaultySockets();
    const producer = bench.newProducer({
      client: bench.newClient({ faults }),
      deliveryTimeoutMs: 300,
      maxBatchRecords: 100,
    });
    const relay = await bench.startRelay({ producer });
    await append(0, 10);
    await pending(relay);

    faults.cut();
    await append(10, 700);
    await waitFor(() => relay.health().reason?.includes('Kafka'), { description: 'the health names Kafka' });
    expect(await relay.pending()).toBe(700);
    faults.heal();
    await pending(relay);

    expect(await texts()).toEqual(numbers(710));
    await waitFor(() => relay.health().ready, { description: 'the relay is ready again' });
  });
});
