import { randomBytes } from 'node:crypto';
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
import { readGauges } from './gauges.setup.ts';
import { createOutbox } from './outbox.ts';
import type { OutboxRelayOptions } from './outbox-relay.ts';
import { createOutboxRelay } from './outbox-relay.ts';
import type { EventEnvelope, OutgoingRecord, Producer } from './types.ts';

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
  it('does not read the empty pages of a table that had many rows', async () => {
    await transaction(async (tx) => {
      await tx.query(
        `INSERT INTO outbox (event_id, topic, value, headers) SELECT n, 't', convert_to(repeat('x', 500), 'UTF8'), '{}' FROM generate_series(1, 20000) AS n`,
      );
      await tx.query('DELETE FROM outbox');
      // The newest rows keep the pages in front of them from being given back.
      await outbox.appendMany(
        tx,
        noteContract(topic),
        numbers(10).map((text) => ({ data: { key: 'key', text } })),
      );
      await tx.query('SELECT pg_stat_force_next_flush()');
    });
    await bench.pool.query('VACUUM ANALYZE outbox');
    const scans = async () => {
      const { rows } = await bench.pool.query<{ all: string; byKey: string }>(
        `SELECT seq_scan AS "all", idx_scan AS "byKey" FROM pg_stat_user_tables WHERE relname = 'outbox'`,
      );
      return { all: Number(rows[0]?.all), byKey: Number(rows[0]?.byKey) };
    };
    const before = await scans();

    const relay = await bench.startRelay();
    await pending(relay);
    await relay.stop();

    await waitFor(async () => (await scans()).byKey > before.byKey, {
      description: 'the scans of the relay are counted',
      timeoutMs: 15_000,
    });
    expect((await scans()).all).toBe(before.all);
    expect(await texts()).toEqual(numbers(10));
  });

  it('publishes events that were encoded beforehand where they are appended, and refuses there what cannot be published', async () => {
    const relay = await bench.startRelay();
    const note = (text: string) => [{ data: { key: 'key', text } }];
    const early = outbox.encodeMany(noteContract(topic), note('second'));
    const never = outbox.encodeMany(noteContract(topic), note('never'));

    await transaction(async (tx) => {
      await outbox.appendMany(tx, noteContract(topic), note('first'));
      await early.append(tx);
    });
    await transaction((tx) => never.append(tx), 'ROLLBACK');
    relay.wake();
    await pending(relay);

    expect((await published()).map(({ id, data }) => [id, data.text])).toEqual([
      [expect.any(String), 'first'],
      [early.ids[0], 'second'],
    ]);
    expect(() => outbox.encodeMany(noteContract(topic), note('x'.repeat(2_000_000)))).toThrow(RecordTooLarge);
  });

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

describe('transactions that end in another order than they began', () => {
  const byKey = async (key: string) =>
    (await bench.readAll(topic)).filter((record) => record.key?.toString() === key).length;

  it('lose nothing: a row with a smaller id that appears later is published', async () => {
    const relay = await bench.startRelay();
    const early = await bench.pool.connect();
    bench.defer(() => {
      early.release(true);
    });
    await early.query('BEGIN');
    await outbox.append(early, noteContract(topic), { key: 'early', text: '' });
    await transaction(async (tx) => {
      await outbox.append(tx, noteContract(topic), { key: 'late', text: '' });
    });
    await waitFor(async () => (await byKey('late')) === 1, { description: 'the later row is published' });
    expect(await byKey('early')).toBe(0);

    await early.query('COMMIT');
    await waitFor(async () => (await byKey('early')) === 1, { description: 'the earlier row is published' });

    await pending(relay);
    expect(await bench.readAll(topic)).toHaveLength(2);
  });

  it('keep the order of an aggregate whose row they lock first, while others overtake them', async () => {
    await bench.pool.query('CREATE TABLE aggregate (id text PRIMARY KEY)');
    await bench.pool.query("INSERT INTO aggregate VALUES ('a'), ('b'), ('c')");
    const relay = await bench.startRelay({ batchSize: 7 });
    const counts = new Map<string, number>();
    const change = (key: string) =>
      transaction(async (tx) => {
        await tx.query('SELECT FROM aggregate WHERE id = $1 FOR UPDATE', [key]);
        const number = (counts.get(key) ?? 0) + 1;
        counts.set(key, number);
        await outbox.append(tx, noteContract(topic), { key, text: `${key}${number}` });
        // Transactions of different aggregates end in an order of their own.
        if (number % 3 === 0) await tx.query('SELECT pg_sleep(0.005)');
      });

    await Promise.all(
      ['a', 'b', 'c'].flatMap((key) =>
        Array.from({ length: 2 }, async () => {
          for (let n = 0; n < 40; n += 1) await change(key);
        }),
      ),
    );
    await pending(relay);

    for (const key of ['a', 'b', 'c'])
      expect((await texts()).filter((text) => text.startsWith(key))).toEqual(
        Array.from({ length: 80 }, (_, n) => `${key}${n + 1}`),
      );
  });
});

describe('what waits', () => {
  it('is counted exactly up to 10,000 rows and estimated beyond, without reading the whole table', async () => {
    await bench.pool.query(
      "INSERT INTO outbox (event_id, topic, headers) SELECT n, 'none', '{}' FROM generate_series(1, 9999) AS n",
    );
    bench.defer(() => bench.pool.query('TRUNCATE outbox'));
    const relay = createOutboxRelay({ pool: bench.pool, producer: bench.producer, logger: bench.logger });
    expect(await relay.pending()).toBe(9999);

    await bench.pool.query(
      "INSERT INTO outbox (event_id, topic, headers) SELECT n, 'none', '{}' FROM generate_series(1, 90001) AS n",
    );

    expect(await relay.pending()).toBe(100_000);
  });

  it('may be large: no page is much larger than 8 MiB, and everything arrives in order', async () => {
    const text = 'x'.repeat(700_000);
    await transaction(async (tx) => {
      const large = Array.from({ length: 30 }, (_, n) => ({ data: { key: 'key', text: `${n} ${text}` } }));
      await outbox.appendMany(tx, noteContract(topic), large);
    });
    const pages: number[] = [];
    const relay = await bench.startRelay({
      producer: {
        sendMany: (records: readonly OutgoingRecord[]) => {
          pages.push(records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0));
          return bench.producer.sendMany(records);
        },
      } as Producer,
    });

    await pending(relay);

    expect(Math.max(...pages)).toBeLessThan((8 << 20) + 800_000);
    expect((await texts()).map((one) => one.split(' ')[0])).toEqual(numbers(30));
  });
});

describe('a row that is refused', () => {
  beforeEach(() => bench.defer(() => bench.pool.query('TRUNCATE outbox')));

  /** Rows that are named by key and number, of so many random bytes: others would be compressed. */
  const appendRows = (rows: readonly (readonly [key: string, bytes?: number])[]) =>
    transaction(async (tx) => {
      const data = rows.map(([key, bytes = 0], n) => ({
        data: { key, text: `${key}${n} ${randomBytes(bytes / 2).toString('hex')}` },
      }));
      await outbox.appendMany(tx, noteContract(topic), data);
    });
  const names = async () => (await texts()).map((text) => text.split(' ')[0] ?? '');

  it('keeps what follows with its key from being sent, and nothing else, until its limit is raised', async () => {
    let producer = bench.newProducer({ maxRecordBytes: 3000 });
    const relay = await bench.startRelay({
      batchSize: 4,
      producer: {
        sendMany: (...args: Parameters<Producer['sendMany']>) => producer.sendMany(...args),
      } as Producer,
    });
    await appendRows([['a'], ['a', 4000], ['b'], ['a'], ['a'], ['b'], ['a'], ['b']]);
    relay.wake();
    await waitFor(async () => (await names()).includes('b5'), { description: 'the second page is decided' });
    expect((await names()).filter((name) => name.startsWith('a'))).toEqual(['a0']);

    producer = bench.producer;
    await pending(relay);

    const all = await names();
    expect(all.filter((name) => name.startsWith('a'))).toEqual(['a0', 'a1', 'a3', 'a4', 'a6']);
    expect(all.filter((name) => name.startsWith('b'))).toEqual(['b2', 'b5', 'b7']);
  });

  it('is one of a broker too: what follows with its key waits in the same batch and in later ones', async () => {
    topic = await bench.newTopic({ config: { 'max.message.bytes': '5000' } });
    const relay = await bench.startRelay();
    await appendRows([['a'], ['b'], ['a', 20_000], ['a'], ['b'], ...numbers(20).map(() => ['a'] as const)]);

    await pending(relay, 22);
    expect(await names()).toEqual(['a0', 'b1', 'b4']);

    await bench.pool.query('DELETE FROM outbox WHERE octet_length(value) > 10000');
    await pending(relay);
    const behind = [3, ...numbers(20).map((n) => 5 + Number(n))].map((n) => `a${n}`);
    expect(await names()).toEqual(['a0', 'b1', 'b4', ...behind]);
  });
});

describe('refused rows', () => {
  beforeEach(() => bench.defer(() => bench.pool.query('TRUNCATE outbox')));

  const HUGE = 'x'.repeat(4000);
  const appendKeys = (keys: readonly string[], text: string) =>
    transaction(async (tx) => {
      await outbox.appendMany(
        tx,
        noteContract(topic),
        keys.map((key) => ({ data: { key, text } })),
      );
    });
  const startRelay = (options: Partial<OutboxRelayOptions> = {}) =>
    bench.startRelay({ producer: bench.newProducer({ maxRecordBytes: 3000 }), ...options });

  it('as many as a page has, stop nothing; the health names topic and reason, and a deleted one blocks no longer', async () => {
    const gauges = readGauges();
    await appendKeys(numbers(20), HUGE);
    await transaction(async (tx) => {
      await tx.query('INSERT INTO outbox (event_id, topic, value, headers) VALUES ($1, $2, $3, $4)', [
        'keyless',
        topic,
        Buffer.from(HUGE),
        {},
      ]);
    });
    await appendKeys(['0', '1'], 'behind');
    await appendKeys(
      Array.from({ length: 30 }, () => 'good'),
      'good',
    );

    const relay = await startRelay({ batchSize: 5, metrics: gauges });
    await pending(relay, 23);

    expect(await texts()).toEqual(Array.from({ length: 30 }, () => 'good'));
    await waitFor(() => relay.health().blocked === 21, { description: 'all are known' });
    expect(relay.health()).toMatchObject({ ready: true, live: true });
    expect(relay.health().reason).toMatch(new RegExp(`21 keys .* row \\d+ for ${topic}: .*larger than`));
    expect(await gauges.read('messaging.outbox.blocked')).toBe(21);

    await bench.pool.query('DELETE FROM outbox WHERE octet_length(value) > 3000');
    await pending(relay);
    await waitFor(() => relay.health().blocked === undefined, {
      description: 'nothing is blocked',
      timeoutMs: 30_000,
    });
    expect((await texts()).slice(30)).toEqual(['behind', 'behind']);
    expect(relay.health()).toEqual({ ready: true, live: true, leader: true });
  });

  it('of more keys than are remembered make the relay say that it is not ready; no order is lost', async () => {
    const relay = await startRelay({ maxBlockedKeys: 2 });
    await appendKeys(['a', 'b', 'c'], HUGE);
    await appendKeys(['a', 'b', 'c', 'd'], 'behind');

    const reason = () => relay.health().reason ?? '';
    await waitFor(() => reason().startsWith('more than 2 keys'), { description: 'the relay is full' });
    expect(relay.health()).toMatchObject({ ready: false, blocked: 2 });
    await pending(relay, 6);
    expect((await bench.readAll(topic)).map(({ key }) => key?.toString())).toEqual(['d']);

    await bench.pool.query("DELETE FROM outbox WHERE octet_length(value) > 3000 AND key <> 'b'");
    await pending(relay, 2);
    await waitFor(() => relay.health().ready, { description: 'the relay is ready again' });
    expect(relay.health().blocked).toBe(1);
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
