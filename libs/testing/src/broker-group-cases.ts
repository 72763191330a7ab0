import { SessionLost } from '@eda/kafka';
import { expect } from 'vitest';
import type { BrokerBench } from './broker-bench.ts';
import type { BrokerCase } from './broker-cases.ts';
import { commitUpTo, numbers, takeAll, texts } from './broker-bench.ts';
import { waitFor } from './wait-for.ts';

const seen = (count: number) => ({ description: `${count} records are seen`, timeoutMs: 30_000 });

export const GROUP_CASES: readonly BrokerCase[] = [
  {
    area: 'groups',
    name: 'a group without a position begins at the start, and its next member where it has committed',
    async run(bench) {
      const topic = await bench.newTopic();
      const groupId = bench.newName('group');
      await bench.fill(topic, ['a', 'b', 'c']);

      const first = bench.session({
        groupId,
        topics: [topic],
        onBatch: async (batch) => {
          await commitUpTo(batch, 2n);
        },
      });
      await waitFor(async () => (await bench.committed(groupId, topic)) === 2n, {
        description: 'the offset is committed',
      });
      await first.stop();
      const second = bench.session({ groupId, topics: [topic] });

      await waitFor(() => second.records.length > 0, seen(1));
      expect(texts(first.records).slice(0, 3)).toEqual(['a', 'b', 'c']);
      expect(texts(second.records)).toEqual(['c']);
    },
  },
  {
    area: 'groups',
    name: 'records that were not resolved come again, in order',
    async run(bench) {
      const topic = await bench.newTopic();
      await bench.fill(topic, ['a', 'b', 'c']);
      let batches = 0;

      const session = bench.session({
        groupId: bench.newName('group'),
        topics: [topic],
        onBatch: async (batch) => {
          batches += 1;
          if (batches === 1) batch.resolve(0n);
          else await takeAll(batch);
        },
      });

      await waitFor(() => session.records.length >= 5, seen(5));
      expect(texts(session.records)).toEqual(['a', 'b', 'c', 'b', 'c']);
    },
  },
  {
    area: 'groups',
    name: 'seek makes the next fetch begin elsewhere, and the batch at work is out of date',
    async run(bench) {
      const topic = await bench.newTopic();
      await bench.fill(topic, ['a', 'b', 'c']);
      const current: boolean[] = [];

      const session = bench.session({
        groupId: bench.newName('group'),
        topics: [topic],
        onBatch: async (batch, consumer) => {
          if (current.length === 0) {
            current.push(batch.isCurrent());
            consumer.seek(topic, 0, 2n);
            current.push(batch.isCurrent());
          } else await takeAll(batch);
        },
      });

      await waitFor(() => session.records.length >= 4, seen(4));
      expect(texts(session.records)).toEqual(['a', 'b', 'c', 'c']);
      expect(current).toEqual([true, false]);
    },
  },
  {
    area: 'groups',
    name: 'a paused partition gets nothing while the others go on, and everything once it is resumed',
    async run(bench) {
      const topic = await bench.newTopic({ partitions: 2 });
      const session = bench.session({ groupId: bench.newName('group'), topics: [topic] });
      await session.reads(topic, 2);

      session.consumer.pause(topic, 0);
      // A fetch that was under way before may still come with nothing in it.
      await bench.fill(topic, ['free 1'], 1);
      await waitFor(() => session.records.length === 1, seen(1));
      await bench.fill(topic, ['held'], 0);
      await bench.fill(topic, ['free 2'], 1);
      await waitFor(() => session.records.length >= 2, seen(2));
      expect(texts(session.records)).toEqual(['free 1', 'free 2']);
      session.consumer.resume(topic, 0);

      await waitFor(() => session.records.length === 3, seen(3));
      expect(texts(session.records)).toEqual(['free 1', 'free 2', 'held']);
    },
  },
  {
    area: 'groups',
    name: 'a partition at work does not hold up the records of another',
    async run(bench) {
      const topic = await bench.newTopic({ partitions: 2 });
      const { promise: mayEnd, resolve: end } = Promise.withResolvers<undefined>();
      const session = bench.session({
        groupId: bench.newName('group'),
        topics: [topic],
        onBatch: async (batch) => {
          if (batch.partition === 0) await mayEnd;
          await takeAll(batch);
        },
      });
      bench.defer(() => {
        end(undefined);
      });
      await session.reads(topic, 2);
      await bench.fill(topic, ['slow'], 0);
      await waitFor(() => session.records.length === 1, seen(1));

      await bench.fill(topic, ['quick'], 1);

      await waitFor(() => session.records.length === 2, { ...seen(2), timeoutMs: 3000 });
      expect(texts(session.records)).toEqual(['slow', 'quick']);
    },
  },
  {
    area: 'groups',
    name: 'a second member takes its share, and the first takes all when that one leaves',
    async run(bench) {
      const topic = await bench.newTopic({ partitions: 4 });
      const groupId = bench.newName('group');
      const first = bench.session({ groupId, topics: [topic] });
      await first.reads(topic, 4);

      const second = bench.session({ groupId, topics: [topic], client: bench.newClient().client });
      await Promise.all([first.reads(topic, 2), second.reads(topic, 2)]);
      for (const partition of [0, 1, 2, 3]) await bench.fill(topic, [`shared ${partition}`], partition);
      await waitFor(() => first.records.length + second.records.length === 4, seen(4));
      expect([first.records.length, second.records.length]).toEqual([2, 2]);
      await second.stop();

      await first.reads(topic, 4);
      for (const partition of [0, 1, 2, 3]) await bench.fill(topic, [`alone ${partition}`], partition);
      await waitFor(() => first.records.length === 6, seen(6));
      expect(second.records).toHaveLength(2);
    },
  },
  {
    area: 'groups',
    name: 'a batch at work hears of a rebalance, and can still commit before it gives up its partition',
    async run(bench) {
      const topic = await bench.newTopic();
      const groupId = bench.newName('group');
      await bench.fill(topic, ['a']);
      let heard: unknown;
      const first = bench.session({
        groupId,
        topics: [topic],
        onBatch: async (batch) => {
          await waitFor(
            () =>
              batch.heartbeat().then(
                () => false,
                (error: unknown) => {
                  heard = error;
                  return error instanceof SessionLost;
                },
              ),
            { description: 'the batch hears of the rebalance' },
          );
          await takeAll(batch);
        },
      });
      await waitFor(() => first.records.length === 1, seen(1));

      const second = bench.session({ groupId, topics: [topic], client: bench.newClient().client });

      await waitFor(() => second.joins.length > 0, { description: 'the second member has joined' });
      expect(heard).toMatchObject({ reason: 'rebalancing' });
      expect(await bench.committed(groupId, topic)).toBe(1n);
      expect([first.records.length, second.records.length]).toEqual([1, 0]);
    },
  },
  {
    area: 'groups',
    name: 'what a member had not committed when it died comes to the next one',
    async run(bench) {
      const topic = await bench.newTopic();
      const groupId = bench.newName('group');
      await bench.fill(topic, ['a', 'b']);
      const doomed = bench.newClient();
      bench.session({
        groupId,
        topics: [topic],
        client: doomed.client,
        onBatch: async (batch) => {
          batch.resolve(0n);
          await commitUpTo(batch, 1n);
          // The second record is handled, and never committed.
          batch.resolve(1n);
        },
      });
      await waitFor(async () => (await bench.committed(groupId, topic)) === 1n, {
        description: 'the first record is committed',
      });

      doomed.cut();
      const second = bench.session({ groupId, topics: [topic] });

      await waitFor(() => second.records.length > 0, seen(1));
      expect(texts(second.records)).toEqual(['b']);
    },
  },
  {
    area: 'groups',
    name: 'a member that no broker answers ends with one crash that says so',
    async run(bench) {
      const topic = await bench.newTopic();
      const subject = bench.newClient();
      const session = bench.session({
        groupId: bench.newName('group'),
        topics: [topic],
        client: subject.client,
      });
      await session.reads(topic, 1);

      subject.cut();

      await waitFor(() => session.crashes.length > 0, {
        description: 'the crash is reported',
        timeoutMs: 30_000,
      });
      await session.stop();
      expect(session.crashes).toHaveLength(1);
      expect(session.crashes[0]?.unreachable).toBe(true);
    },
  },
  {
    area: 'groups',
    name: 'a member that comes back as the successor of its former self need not wait for the session time-out',
    async run(bench) {
      const topic = await bench.newTopic();
      const groupId = bench.newName('group');
      const subject = bench.newClient();
      // Longer than the case may take.
      const patient = { groupId, topics: [topic], sessionTimeoutMs: 45_000, rebalanceTimeoutMs: 45_000 };
      const first = bench.session({ ...patient, client: subject.client });
      await first.reads(topic, 1);
      subject.cut();

      const second = bench.session({ ...patient, formerMember: first.memberIds.at(-1) });

      await second.reads(topic, 1);
    },
  },
  {
    area: 'groups',
    name: 'a member that stops waits for its batch at work, whose commit counts',
    async run(bench) {
      const topic = await bench.newTopic();
      const groupId = bench.newName('group');
      await bench.fill(topic, numbers(5));
      const { promise: mayEnd, resolve: end } = Promise.withResolvers<undefined>();
      let stopped = false;
      const session = bench.session({
        groupId,
        topics: [topic],
        onBatch: async (batch) => {
          await mayEnd;
          await takeAll(batch);
        },
      });
      await waitFor(() => session.records.length > 0, seen(1));

      const stopping = session.stop().then(() => (stopped = true));
      await new Promise((resolve) => setImmediate(resolve));
      expect(stopped).toBe(false);
      end(undefined);
      await stopping;

      expect(await bench.committed(groupId, topic)).toBe(BigInt(session.records.length));
      expect(session.crashes).toEqual([]);
    },
  },
  {
    area: 'groups',
    name: 'a member that stops before it has joined leaves nothing behind',
    async run(bench) {
      const { first, state, topic, newMember } = await heldGroup(bench);
      const hasty = newMember();
      const stopping = [hasty.stop()];
      const waiting = newMember();
      await waitFor(() => state.rebalancing, { description: 'the group rebalances' });
      stopping.push(waiting.stop());
      state.released = true;
      await Promise.all(stopping);

      await bench.fill(topic, ['one'], 0);
      await bench.fill(topic, ['other'], 1);
      await waitFor(() => first.records.length === 3, seen(3));
      expect([hasty.records, waiting.records]).toEqual([[], []]);
      expect([...hasty.crashes, ...waiting.crashes, ...first.crashes]).toEqual([]);
    },
  },
  {
    area: 'groups',
    name: 'a member can stop while others hold its join back',
    async run(bench) {
      const { state, newMember } = await heldGroup(bench);
      const waiting = newMember();
      await waitFor(() => state.rebalancing, { description: 'the group rebalances' });
      let stopped = false;

      void waiting.stop().then(() => (stopped = true));

      await waitFor(() => stopped, { description: 'the member has stopped', timeoutMs: 3000 });
    },
  },
];

/** A group whose first member cannot rejoin, for it has a batch at work until it is released. */
async function heldGroup(bench: BrokerBench) {
  const topic = await bench.newTopic({ partitions: 2 });
  // Longer than a case may take: a member that is left behind would keep its partitions.
  const timing = { sessionTimeoutMs: 45_000, rebalanceTimeoutMs: 45_000 };
  const group = { groupId: bench.newName('group'), topics: [topic], ...timing };
  await bench.fill(topic, ['held']);
  const state = { released: false, rebalancing: false };
  const first = bench.session({
    ...group,
    onBatch: async (batch) => {
      const untilReleased = async () => {
        await batch.heartbeat().catch(() => (state.rebalancing = true));
        return state.released;
      };
      await waitFor(untilReleased, { description: 'the batch may end', timeoutMs: 60_000 });
      await takeAll(batch);
    },
  });
  await waitFor(() => first.records.length === 1, seen(1));
  const newMember = () => {
    const member = bench.session({ ...group, client: bench.newClient().client });
    // The first and the new one can stop only then.
    bench.defer(() => (state.released = true));
    return member;
  };
  return { first, state, topic, newMember };
}
