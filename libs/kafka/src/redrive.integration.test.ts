import { createKafkaBench, type KafkaBench, type Note, noteContract } from '@eda/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deadLetterTopic, describeDeadLetter, toDeadLetter } from './dead-letter.ts';
import { PermanentError } from './errors.ts';
import type { RedriveFilter } from './redrive-filter.ts';
import { planRedrive } from './redrive-plan.ts';
import { RUN_HEADER, runHeader } from './redrive-run.ts';
import { redrive, redriveMany } from './redrive.ts';
import { subscribe } from './subscription.ts';
import type { Producer, RawRecord } from './types.ts';

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

describe('redriving a dead letter', () => {
  async function oneDeadLetter(group: string, isFixed: () => boolean) {
    const topic = await bench.newTopic();
    const deadLetters = await bench.newTopic({ name: deadLetterTopic(topic, group), partitions: 3 });
    const handled: string[] = [];
    await bench.startConsumer({
      groupId: group,
      subscriptions: [
        subscribe<Note>(noteContract(topic), ({ data }) => {
          if (data.text === 'bad' && !isFixed()) return Promise.reject(new PermanentError('a bug'));
          handled.push(data.text);
          return Promise.resolve();
        }),
      ],
    });
    await bench.producer.publish(noteContract(topic), { key: 'k', text: 'bad' });
    await bench.caughtUp(group, topic);
    const [letter] = await bench.readAll(deadLetters);
    const { partition, offset } = letter as RawRecord;
    return {
      topic,
      deadLetters,
      handled,
      place: {
        client: bench.client,
        producer: bench.producer,
        deadLetterTopic: deadLetters,
        partition,
        offset,
      },
    };
  }

  it('puts it back as it was, once: after a fix the event is handled, and a second redrive is refused', async () => {
    let fixed = false;
    const { topic, deadLetters, handled, place } = await oneDeadLetter('redriven', () => fixed);
    fixed = true;

    await redrive(place);
    await bench.caughtUp('redriven', topic);

    expect(handled).toEqual(['bad']);
    const [original, again] = await bench.readAll(topic);
    expect(again).toMatchObject({ key: original?.key, value: original?.value });
    expect(again?.headers).toEqual(original?.headers);
    await expect(redrive(place)).rejects.toMatchObject({ code: 'ALREADY_REDRIVEN' });
    const marker = (await bench.readAll(deadLetters)).find(
      (record) => describeDeadLetter(record).kind === 'redriven',
    );
    expect(marker).toMatchObject({ key: original?.key, value: null });
    expect(describeDeadLetter(marker as RawRecord)).toMatchObject({
      kind: 'redriven',
      partition: place.partition,
      offset: place.offset,
    });
  });

  it('without a fix makes a new dead letter', async () => {
    const { topic, deadLetters, place } = await oneDeadLetter('unfixed', () => false);

    await redrive(place);
    await bench.caughtUp('unfixed', topic);

    const kinds = (await bench.readAll(deadLetters)).map((record) => describeDeadLetter(record).kind);
    expect(kinds.filter((kind) => kind !== 'redrive-run').sort()).toEqual([
      'dead-letter',
      'dead-letter',
      'redriven',
    ]);
  });

  it('refuses a letter that names a topic whose dead letters are elsewhere; those who take many leave it alone', async () => {
    const other = await bench.newTopic();
    const deadLetters = await bench.newTopic();
    const reason = {
      groupId: 'g',
      stage: 'handler',
      error: new Error('no'),
      attempts: 1,
      failedAt: new Date(),
    };
    const record = { topic: other, partition: 0, offset: 0n, timestamp: new Date(), key: null, headers: {} };
    const letter = toDeadLetter({ ...record, value: Buffer.from('forged') }, reason);
    await bench.producer.send({ ...letter, topic: deadLetters });
    const place = { client: bench.client, producer: bench.producer, deadLetterTopic: deadLetters };

    await expect(redrive({ ...place, partition: 0, offset: 0n })).rejects.toMatchObject({
      name: 'RedriveRefused',
      code: 'WRONG_ORIGIN',
    });
    expect(await redriveMany(place)).toMatchObject({ selected: 0, redriven: 0 });
    expect(await bench.readAll(other)).toEqual([]);
  });

  it('refuses what is not there and what is no dead letter', async () => {
    const deadLetters = await bench.newTopic();
    await send(deadLetters, 'something else');
    const place = {
      client: bench.client,
      producer: bench.producer,
      deadLetterTopic: deadLetters,
      partition: 0,
      offset: 0n,
    };

    await expect(redrive(place)).rejects.toMatchObject({ code: 'NOT_A_DEAD_LETTER' });
    await expect(redrive({ ...place, offset: 1n })).rejects.toMatchObject({ code: 'DEAD_LETTER_NOT_FOUND' });
    await expect(redrive({ ...place, partition: 7 })).rejects.toMatchObject({
      code: 'DEAD_LETTER_NOT_FOUND',
    });
    await expect(redrive({ ...place, deadLetterTopic: 'no-such-topic' })).rejects.toMatchObject({
      code: 'DEAD_LETTER_NOT_FOUND',
    });
  });
});

describe('redriving many', () => {
  const CODES = ['A', 'B'];

  /** `count` dead letters of ten keys, their values numbered, with the codes A and B in turn. */
  async function deadLettersOf(count: number, partitions = 3) {
    const topic = await bench.newTopic({ partitions });
    const letters = await bench.newTopic({ name: deadLetterTopic(topic, 'g'), partitions });
    await bench.producer.sendMany(
      Array.from({ length: count }, (_, n) =>
        toDeadLetter(
          {
            topic,
            partition: n % partitions,
            offset: BigInt(n),
            timestamp: new Date(0),
            key: Buffer.from(`k${n % 10}`),
            value: Buffer.from(String(n)),
            headers: { ce_id: Buffer.from(`e${n}`) },
          },
          {
            groupId: 'g',
            stage: 'handler',
            error: new PermanentError('no', { code: CODES[n % 2] ?? '' }),
            attempts: 1,
            failedAt: new Date(n * 1000),
          },
        ),
      ),
    );
    const values = async () => (await bench.readAll(topic)).map(({ value }) => Number(value?.toString()));
    const options = { client: bench.client, producer: bench.producer, deadLetterTopic: letters };
    return { topic, letters, values, options };
  }

  const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
  const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);

  it('puts everything back as it was, in order per key, and finds nothing to do the second time', async () => {
    const { topic, options, values } = await deadLettersOf(250);
    const seen: string[] = [];

    const result = await redriveMany({
      ...options,
      onProgress: (progress) => void seen.push(JSON.stringify(progress)),
    });

    expect(result).toEqual({ redriven: 250, selected: 250, busyPartitions: [], interrupted: false });
    expect(seen[0]).toContain('"phase":"reading"');
    expect(seen.at(-1)).toBe('{"phase":"putting back","selected":250,"redriven":250}');
    expect(sorted(await values())).toEqual(numbers(250));
    const byKey = Map.groupBy(await bench.readAll(topic), ({ key }) => key?.toString());
    for (const records of byKey.values()) {
      const order = records.map(({ value }) => Number(value?.toString()));
      expect(order).toEqual(sorted(order));
    }
    expect((await bench.readAll(topic))[0]?.headers).toEqual({ ce_id: expect.any(Buffer) as Buffer });
    expect(await redriveMany(options)).toMatchObject({ redriven: 0, selected: 0 });
    expect(await values()).toHaveLength(250);
  });

  it.each<[string, RedriveFilter, (n: number) => boolean]>([
    ['a code', { codes: ['B'] }, (n) => n % 2 === 1],
    ['a class', { errorNames: ['TypeError'] }, () => false],
    ['a key', { key: 'k7' }, (n) => n % 10 === 7],
    ['a time', { failedFrom: new Date(5000), failedBefore: new Date(8000) }, (n) => n >= 5 && n < 8],
    ['a place', { partition: 1, fromOffset: 4n, toOffset: 10n }, (n) => [4, 7, 10].includes(n)],
    ['a stage', { stage: 'decode' }, () => false],
  ])('takes only what the filter means: %s', async (_, filter, meant) => {
    const { options, values } = await deadLettersOf(20);

    const plan = await planRedrive({ ...options, filter });
    await redriveMany({ ...options, filter });

    const expected = numbers(20).filter(meant);
    expect(sorted(plan.letters.map(({ offset }) => Number(offset)))).toEqual(expected);
    expect(plan).toMatchObject({ selected: expected.length, waiting: 20, redriven: 0, foreign: 0 });
    expect(sorted(await values())).toEqual(expected);
  });

  it('plans without writing, and counts what is done and what is not ours', async () => {
    const { letters, options, values } = await deadLettersOf(10);
    await send(letters, 'something else');
    await redriveMany({ ...options, limit: 4 });
    const before = (await bench.readAll(letters)).length;

    const plan = await planRedrive({ ...options, maxListed: 2 });

    expect(plan).toMatchObject({ selected: 6, waiting: 6, redriven: 4, foreign: 1 });
    expect(plan.letters).toHaveLength(2);
    expect(await bench.readAll(letters)).toHaveLength(before);
    expect(await values()).toHaveLength(4);
    await expect(planRedrive({ ...options, deadLetterTopic: 'no-such-topic' })).rejects.toMatchObject({
      code: 'UNKNOWN_TOPIC',
    });
  });

  it('goes on where it was cut off', async () => {
    const { options, values } = await deadLettersOf(450, 1);
    const cut = new AbortController();

    const first = await redriveMany({
      ...options,
      signal: cut.signal,
      onProgress: ({ phase }) => {
        if (phase === 'putting back') cut.abort();
      },
    });
    expect(first).toMatchObject({ redriven: 100, interrupted: true });
    const second = await redriveMany(options);

    expect(second).toMatchObject({ redriven: 350, selected: 350, interrupted: false });
    expect(await values()).toEqual(numbers(450));
  });

  it('reports the record that Kafka did not take, and the next run goes on with it', async () => {
    const { options, values } = await deadLettersOf(150, 1);
    let sent = 0;
    const failing: Producer = {
      ...delegate(bench.producer),
      sendMany: (records) =>
        bench.producer.sendMany(
          records.map((record) =>
            record.value !== null && (sent += 1) === 120 ? { ...record, topic: 'no-such-topic' } : record,
          ),
        ),
    };

    await expect(redriveMany({ ...options, producer: failing })).rejects.toMatchObject({
      code: 'UNKNOWN_TOPIC',
    });
    await redriveMany(options);

    expect(sorted(await values())).toEqual(numbers(150));
  });

  it('done by several at the same time puts nothing back twice', async () => {
    const { options, values } = await deadLettersOf(600, 3);

    const results = await Promise.all([1, 2, 3, 4].map(() => redriveMany(options)));
    await redriveMany(options);

    expect(sorted(await values())).toEqual(numbers(600));
    expect(results.reduce((sum, { redriven }) => sum + redriven, 0)).toBe(600);
  });

  it('leaves a partition to whom redrives it now, and takes it when that one has gone silent', async () => {
    const { letters, options, values } = await deadLettersOf(5, 1);
    await bench.producer.send({
      topic: letters,
      partition: 0,
      key: null,
      value: null,
      headers: { [RUN_HEADER]: runHeader('somebody-else', 'begin') },
    });

    expect(await redriveMany(options)).toMatchObject({ redriven: 0, selected: 5, busyPartitions: [0] });
    await expect(redrive({ ...options, partition: 0, offset: 0n })).rejects.toMatchObject({
      code: 'REDRIVE_RUNNING',
    });
    expect(await values()).toEqual([]);
    expect(await redriveMany({ ...options, leaseMs: -1 })).toMatchObject({ redriven: 5 });
    expect(await values()).toEqual(numbers(5));
  });

  it('stops when another took the partition meanwhile', async () => {
    const { letters, options, values } = await deadLettersOf(250, 1);
    let taken: Promise<unknown> | undefined;
    const slow: Producer = {
      ...delegate(bench.producer),
      sendMany: async (records) => {
        const results = await bench.producer.sendMany(records);
        // As if this process had stood still for longer than the lease after its first chunk.
        taken ??= bench.producer.send({
          topic: letters,
          partition: 0,
          key: null,
          value: null,
          headers: { [RUN_HEADER]: runHeader('somebody-else', 'begin') },
        });
        await taken;
        return results;
      },
    };

    const result = await redriveMany({ ...options, producer: slow, leaseMs: -1 });

    expect(result).toMatchObject({ redriven: 100, busyPartitions: [0] });
    expect(await values()).toEqual(numbers(100));
  });
});

function delegate(producer: Producer): Producer {
  return {
    publish: (contract, data, options) => producer.publish(contract, data, options),
    publishMany: (contract, data, options) => producer.publishMany(contract, data, options),
    send: (record) => producer.send(record),
    sendMany: (records) => producer.sendMany(records),
    flush: (deadlineMs) => producer.flush(deadlineMs),
    close: (deadlineMs) => producer.close(deadlineMs),
  };
}
