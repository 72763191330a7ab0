import { randomBytes } from 'node:crypto';
import { createFaultySockets, createKafkaBench, type KafkaBench, noteContract, waitFor } from '@eda/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  Closed,
  DeliveryUnknown,
  InvalidRecord,
  PermanentError,
  RecordTooLarge,
  UnknownTopic,
} from './errors.ts';
import { partitionOf } from './murmur2.ts';
import type { OutgoingRecord, RawRecord } from './types.ts';

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

const record = (value: string, more: Partial<OutgoingRecord> = {}): OutgoingRecord => ({
  topic,
  key: Buffer.from('key'),
  value: Buffer.from(value),
  headers: {},
  ...more,
});

const refuse = () => {
  throw new PermanentError('the value does not fit its schema', { code: 'DOES_NOT_FIT' });
};

const values = (records: readonly RawRecord[]) => records.map(({ value }) => value?.toString());
const numbered = (count: number) => Array.from({ length: count }, (_, n) => `${n}`);

describe('what is acknowledged', () => {
  it('is in the log where the producer says, in order per key, in the partition that Java would choose', async () => {
    topic = await bench.newTopic({ partitions: 3 });
    const sent = Array.from({ length: 2000 }, (_, n) => ({ key: `key-${n % 17}`, text: `${n}` }));

    const metadata = await Promise.all(sent.map((note) => bench.producer.publish(noteContract(topic), note)));

    const log = await bench.readAll(topic);
    expect(log).toHaveLength(2000);
    const found = log.map(({ partition, offset, key, value }) => ({
      place: `${partition}:${offset}`,
      key: key?.toString() ?? '',
      partition,
      text: Number((JSON.parse(value?.toString() ?? '') as { data: { text: string } }).data.text),
    }));
    const places = new Map(found.map(({ place, text }) => [place, text]));
    expect(metadata.map(({ partition, offset }) => places.get(`${partition}:${offset}`))).toEqual(
      sent.map((_, n) => n),
    );
    for (const [key, ofKey] of Map.groupBy(found, (one) => one.key)) {
      expect(new Set(ofKey.map(({ partition }) => partition))).toEqual(
        new Set([partitionOf(Buffer.from(key), 3)]),
      );
      const order = ofKey.map(({ text }) => text);
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }
  });

  it('keeps headers of all kinds, empty values and records without a key', async () => {
    const headers = { text: 'ä', bytes: Buffer.from([0, 255]), twice: ['1', '2'] };

    await bench.producer.send(record('', { key: null, headers }));

    const [read] = await bench.readAll(topic);
    expect(read).toMatchObject({
      key: null,
      value: Buffer.alloc(0),
      headers: {
        text: Buffer.from('ä'),
        bytes: Buffer.from([0, 255]),
        twice: [Buffer.from('1'), Buffer.from('2')],
      },
    });
  });
});

describe('many events in one call', () => {
  it('are in the log in their order, each with an id of its own, and one bad event hides no other', async () => {
    const unencodable = {
      key: 'k',
      text: '2',
      toJSON: () => {
        throw new TypeError('not to be encoded');
      },
    };
    const notes = [...numbered(2).map((text) => ({ key: 'k', text })), unencodable, { key: 'k', text: '3' }];

    const results = await bench.producer.publishMany(noteContract(topic), notes, { subject: 's' });

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(results[2]).toMatchObject({
      reason: { code: 'INVALID_RECORD', message: 'the test.Note cannot be encoded: not to be encoded' },
    });
    expect(results[3]).toMatchObject({ value: { topic, partition: 0, offset: 2n } });
    const log = (await bench.readAll(topic)).map(
      ({ value }) =>
        JSON.parse(value?.toString() ?? '') as { id: string; subject: string; data: { text: string } },
    );
    expect(log.map(({ data, subject }) => `${data.text} ${subject}`)).toEqual(['0 s', '1 s', '3 s']);
    expect(new Set(log.map(({ id }) => id)).size).toBe(3);
  });

  it('stop at the first for which there is no room: nothing behind it is sent before it is tried again', async () => {
    const producer = bench.newProducer({ bufferRecords: 2 });

    const results = await producer.publishMany(
      noteContract(topic),
      numbered(4).map((text) => ({ key: 'k', text })),
    );

    expect(
      results.map((result) => (result.status === 'rejected' ? (result.reason as Error).name : 'sent')),
    ).toEqual(['sent', 'sent', 'BufferExhausted', 'NotSent']);
    expect(await bench.readAll(topic)).toHaveLength(2);
  });
});

describe('when answers are lost after the broker has written', () => {
  it('nothing is written twice and the order stays', async () => {
    const faults = createFaultySockets();
    const producer = bench.newProducer({
      client: bench.newClient({ faults }),
      maxBatchRecords: 5,
    });
    await producer.send(record('first'));

    for (let round = 0; round < 5; round += 1) {
      faults.loseProduceAnswers(1);
      await Promise.all(numbered(20).map((n) => producer.send(record(`${round}-${n}`))));
    }

    expect(faults.lostAnswers).toBe(5);
    const expected = ['first', ...numbered(5).flatMap((round) => numbered(20).map((n) => `${round}-${n}`))];
    expect(values(await bench.readAll(topic))).toEqual(expected);
  });
});

describe('when a connection that many partitions share breaks again and again', () => {
  it('every record is in the log once, in order per partition', async () => {
    topic = await bench.newTopic({ partitions: 12 });
    const faults = createFaultySockets();
    const producer = bench.newProducer({
      client: bench.newClient({ faults }),
      maxBatchRecords: 20,
    });
    let acknowledged = 0;
    await Promise.all(
      Array.from({ length: 24 }, async (_, caller) => {
        for (let n = 0; n < 50; n += 1) {
          await producer.send(record(`${caller} ${n}`, { key: null, partition: caller % 12 }));
          acknowledged += 1;
          // All partitions are at work by then, each time.
          if (acknowledged % 100 === 0) faults.loseProduceAnswers(1);
        }
      }),
    );

    expect(faults.lostAnswers).toBeGreaterThan(5);
    const log = values(await bench.readAll(topic)).map((value) => value?.split(' ').map(Number) ?? []);
    expect(log).toHaveLength(24 * 50);
    for (const [caller, ofCaller] of Map.groupBy(log, ([one]) => one))
      expect(ofCaller).toEqual(numbered(50).map((n) => [caller, Number(n)]));
  });
});

describe('while no broker answers', () => {
  it('records wait and arrive once, in order, when it is back', async () => {
    const faults = createFaultySockets();
    const producer = bench.newProducer({ client: bench.newClient({ faults }) });
    await producer.send(record('before'));

    faults.cut();
    const results = Promise.all(numbered(50).map((n) => producer.send(record(n))));
    await new Promise((resolve) => setImmediate(resolve));
    faults.heal();
    await results;

    expect(values(await bench.readAll(topic))).toEqual(['before', ...numbered(50)]);
  });

  it('callers are told after the delivery time-out that the outcome is unknown, and can learn it later', async () => {
    const faults = createFaultySockets();
    const producer = bench.newProducer({
      client: bench.newClient({ faults }),
      deliveryTimeoutMs: 300,
    });
    await producer.send(record('before'));
    faults.cut();

    const error: unknown = await producer.send(record('during')).catch((reason: unknown) => reason);
    faults.heal();

    expect(error).toBeInstanceOf(DeliveryUnknown);
    expect(error).toMatchObject({ code: 'DELIVERY_UNKNOWN' });
    await expect((error as DeliveryUnknown).outcome).resolves.toMatchObject({
      topic,
      partition: 0,
      offset: 1n,
    });
    expect(values(await bench.readAll(topic))).toEqual(['before', 'during']);
  });

  it('memory is bounded: what does not fit is refused at once, and taken when there is room again', async () => {
    const faults = createFaultySockets();
    const producer = bench.newProducer({
      client: bench.newClient({ faults }),
      bufferRecords: 10,
    });
    await producer.send(record('before'));
    faults.cut();

    const accepted = numbered(10).map((n) => producer.send(record(n)));
    await expect(producer.send(record('too much'))).rejects.toMatchObject({ code: 'BUFFER_EXHAUSTED' });
    faults.heal();
    await Promise.all(accepted);
    await producer.send(record('after'));

    expect(values(await bench.readAll(topic))).toEqual(['before', ...numbered(10), 'after']);
  });

  it('flushing ends at its deadline, and later when everything is decided', async () => {
    const faults = createFaultySockets();
    const producer = bench.newProducer({ client: bench.newClient({ faults }) });
    await producer.send(record('before'));
    faults.cut();
    let decided = false;
    const during = producer.send(record('during')).finally(() => (decided = true));

    await expect(producer.flush(100)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(decided).toBe(false);
    faults.heal();
    await producer.flush(20_000);

    expect(await Promise.race([during, Promise.resolve('undecided')])).toMatchObject({ offset: 1n });
  });

  it('a producer that never saw a broker says that nothing was sent', async () => {
    const faults = createFaultySockets();
    faults.cut();
    const producer = bench.newProducer({
      client: bench.newClient({ faults }),
      deliveryTimeoutMs: 300,
    });

    await expect(producer.send(record('x'))).rejects.toMatchObject({ code: 'NOT_SENT' });
  });
});

describe('bad records', () => {
  it.each<[string, Partial<OutgoingRecord>, unknown, string]>([
    ['larger than the broker takes', { value: randomBytes(2_000_000) }, RecordTooLarge, 'RECORD_TOO_LARGE'],
    [
      'larger than the producer takes',
      { value: Buffer.alloc(9_000_000) },
      RecordTooLarge,
      'RECORD_TOO_LARGE',
    ],
    ['for a topic that does not exist', { topic: 'no-such-topic' }, UnknownTopic, 'UNKNOWN_TOPIC'],
    ['for a topic that cannot exist', { topic: 'no topic!' }, UnknownTopic, 'UNKNOWN_TOPIC'],
    ['for a partition that does not exist', { partition: 99 }, InvalidRecord, 'INVALID_RECORD'],
    ['with a number as header', { headers: { a: 1 as never } }, InvalidRecord, 'INVALID_RECORD'],
    [
      'with null in a list of headers',
      { headers: { a: ['x', null as never] } },
      InvalidRecord,
      'INVALID_RECORD',
    ],
    ['with a key that is a number', { key: 1 as never }, InvalidRecord, 'INVALID_RECORD'],
    ['with a value that is a string', { value: 'text' as never }, InvalidRecord, 'INVALID_RECORD'],
  ])('a record %s is refused with a code, and its neighbours are sent', async (_, wrong, type, code) => {
    const records = [record('before'), record('bad', wrong), record('after')];

    const [before, refused, after] = await bench.producer.sendMany(records);

    expect(refused).toMatchObject({ status: 'rejected', reason: { code } });
    expect((refused as PromiseRejectedResult).reason).toBeInstanceOf(type);
    expect([before?.status, after?.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(values(await bench.readAll(topic))).toEqual(['before', 'after']);
  });

  it.each<[string, unknown, string]>([
    ['that the codec refuses with a code', { key: 'k', text: '', toJSON: refuse }, 'DOES_NOT_FIT'],
    ['that makes the codec fail', { key: 'k', text: 1n }, 'INVALID_RECORD'],
    ['without a key', { text: 'x' }, 'INVALID_RECORD'],
    ['with a number as key', { key: 5, text: 'x' }, 'INVALID_RECORD'],
    ['that is null', null, 'INVALID_RECORD'],
    ['that is a string', 'x', 'INVALID_RECORD'],
  ])('an event %s is refused with a code, and the next one is sent', async (_, data, code) => {
    const bad = bench.producer.publish(noteContract(topic), data as never);
    const good = bench.producer.publish(noteContract(topic), { key: 'k', text: 'good' });

    await expect(bad).rejects.toMatchObject({ code, verdict: 'poison' });
    await good;
    expect(await bench.readAll(topic)).toHaveLength(1);
  });

  it('a topic that is made later is found', async () => {
    await expect(bench.producer.send(record('x', { topic: 'later' }))).rejects.toBeInstanceOf(UnknownTopic);

    await bench.admin.ensureTopics([{ name: 'later', partitions: 1 }]);
    await bench.producer.send(record('x', { topic: 'later' }));

    expect(values(await bench.readAll('later'))).toEqual(['x']);
  });

  it('a topic that is deleted does not disturb the others', async () => {
    await bench.admin.ensureTopics([{ name: 'doomed', partitions: 1 }]);
    await bench.producer.send(record('x', { topic: 'doomed' }));
    await bench.admin.deleteTopics(['doomed']);
    await waitFor(async () => (await bench.admin.partitionCount('doomed')) === undefined, {
      description: 'the topic is gone',
    });

    await expect(bench.producer.send(record('x', { topic: 'doomed' }))).rejects.toBeInstanceOf(UnknownTopic);
    await bench.producer.send(record('x'));

    expect(values(await bench.readAll(topic))).toEqual(['x']);
  });
});

describe('closing', () => {
  it('sends what was accepted, then refuses', async () => {
    const producer = bench.newProducer();
    const accepted = Promise.all(numbered(100).map((n) => producer.send(record(n))));

    await producer.close();

    await accepted;
    await expect(producer.send(record('late'))).rejects.toBeInstanceOf(Closed);
    const late = await producer.publishMany(noteContract(topic), [{ key: 'k', text: 'late' }]);
    expect(late).toMatchObject([{ status: 'rejected', reason: { code: 'CLOSED' } }]);
    await producer.flush(1000);
    expect(values(await bench.readAll(topic))).toEqual(numbered(100));
  });

  it('ends at its deadline although no broker answers, and leaves no caller waiting', async () => {
    const faults = createFaultySockets();
    const producer = bench.newProducer({ client: bench.newClient({ faults }) });
    await producer.send(record('before'));
    faults.cut();
    const undecided = producer.send(record('during')).catch((error: unknown) => error);

    await producer.close(200);

    await expect(undecided).resolves.toBeInstanceOf(DeliveryUnknown);
  });
});
