import { createKafkaBench, type KafkaBench, waitFor } from '@eda/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createKafkaAdmin } from './admin.ts';
import { pruneInbox } from './inbox-retention.ts';
import { createTail } from './tail.ts';

let bench: KafkaBench;

beforeAll(async () => {
  bench = await createKafkaBench();
  return () => bench[Symbol.asyncDispose]();
});
afterEach(() => bench.cleanUp());

const send = (topic: string, value: string | null) =>
  bench.producer.send({
    topic,
    key: Buffer.from('k'),
    value: value === null ? null : Buffer.from(value),
    headers: {},
  });

describe('a tail', () => {
  it('gives everything from the beginning, then what comes, and nothing old when told to begin at the end', async () => {
    const [old, recent] = [await bench.newTopic({ partitions: 2 }), await bench.newTopic()];
    await send(old, '1');
    await send(recent, '1');
    const seen: string[] = [];
    const tail = createTail({
      client: bench.client,
      logger: bench.logger,
      topics: [
        { topic: old, from: 'beginning' },
        { topic: recent, from: 'end' },
      ],
      onRecord: ({ topic, value }) => void seen.push(`${topic} ${value?.toString() ?? 'nothing'}`),
    });
    bench.defer(() => tail.stop());

    await tail.start();
    await tail.caughtUp;
    expect(seen).toEqual([`${old} 1`]);
    await send(recent, '2');
    await send(old, null);

    await waitFor(() => seen.length === 3, { description: 'both new records' });
    expect(seen.slice(1).sort()).toEqual([`${old} nothing`, `${recent} 2`].sort());
  });

  it('goes on after a record that its listener cannot take, and waits for a topic that is made later', async () => {
    const seen: string[] = [];
    const tail = createTail({
      client: bench.client,
      logger: bench.logger,
      topics: [{ topic: 'made-later', from: 'beginning' }],
      onRecord: ({ value }) => {
        if (value?.toString() === 'bad') throw new Error('cannot');
        seen.push(value?.toString() ?? '');
      },
    });
    bench.defer(() => tail.stop());
    await tail.start();

    await bench.newTopic({ name: 'made-later' });
    for (const value of ['a', 'bad', 'b']) await send('made-later', value);

    await waitFor(() => seen.length === 2, { description: 'the good records' });
    expect(seen).toEqual(['a', 'b']);
  });
});

describe('administration', () => {
  it('creates missing topics, and says how existing ones differ without changing them', async () => {
    const wanted = {
      name: 'ensured',
      partitions: 2,
      config: { 'retention.ms': '1000000', 'cleanup.policy': 'delete' },
    };

    const first = await bench.admin.ensureTopics([wanted]);
    const second = await bench.admin.ensureTopics([
      { ...wanted, partitions: 3, config: { ...wanted.config, 'retention.ms': '5' } },
    ]);

    expect(first).toEqual({ created: ['ensured'], differences: [] });
    expect(second.created).toEqual([]);
    expect(second.differences).toEqual([
      { topic: 'ensured', property: 'partitions', wanted: '3', actual: '2' },
      { topic: 'ensured', property: 'retention.ms', wanted: '5', actual: '1000000' },
    ]);
    expect(await bench.admin.partitionCount('ensured')).toBe(2);
  });

  it('sees only topics under its own prefix, by their logical names', async () => {
    await bench.newTopic({ name: 'mine' });
    const stranger = createKafkaAdmin({ client: bench.newClient() });
    bench.defer(() => stranger.close());

    const topics = await stranger.listTopics();

    expect(topics).toContain('mine');
    expect(topics.every((topic) => !topic.includes(bench.client.topicPrefix))).toBe(true);
  });

  it('tells the lag of a group that has committed nothing, and nothing about topics that do not exist', async () => {
    const topic = await bench.newTopic();
    await send(topic, '1');
    await send(topic, '2');

    expect(await bench.admin.groupLag('nobody', [topic, 'no-such-topic'])).toEqual([
      { topic, partition: 0, committed: null, end: 2n, lag: 2n },
    ]);
  });

  it('knows whether Kafka answers', async () => {
    const nowhere = createKafkaAdmin({ client: bench.newClient({ brokers: ['127.0.0.1:1'] }) });
    bench.defer(() => nowhere.close());
    const reasons: string[] = [];

    expect(await bench.admin.isReachable()).toBe(true);
    expect(await nowhere.isReachable()).toBe(false);
    await expect(nowhere.waitUntilReachable(10, (reason) => reasons.push(reason))).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
  });
});

it('the inbox forgets what is older than its age, and nothing else', async () => {
  const insert = `INSERT INTO inbox (group_id, event_id, topic, partition, record_offset, processed_at)
    SELECT 'pruned', 'e' || n, 't', 0, n, now() - n * interval '1 minute' FROM generate_series(1, 100) n`;
  await bench.pool.query(insert);

  const deleted = await pruneInbox(bench.pool, 50.5 * 60_000);

  expect(deleted).toBe(50);
  const { rows } = await bench.pool.query<{ oldest: string }>(
    "SELECT max(record_offset) AS oldest FROM inbox WHERE group_id = 'pruned'",
  );
  expect(rows).toEqual([{ oldest: '50' }]);
});
