import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import type { AccumulatorLimits } from './accumulator.ts';
import { Accumulator } from './accumulator.ts';
import type { WireRecord } from './client-types.ts';
import { AppendError } from './client-types.ts';
import {
  BufferExhausted,
  DeliveryUnknown,
  NotSent,
  RecordRejected,
  RecordTooLarge,
  UnknownTopic,
} from './errors.ts';
import type { RequestFate } from './fake-broker.setup.ts';
import { FakeBroker } from './fake-broker.setup.ts';
import { ProducerSession, ProducerSessions } from './producer-session.ts';
import type { RecordMetadata } from './types.ts';

const LIMITS: AccumulatorLimits = {
  maxBatchRecords: 3,
  maxBatchBytes: 1000,
  bufferBytes: 1_000_000,
  bufferRecords: 1000,
  deliveryTimeoutMs: 10_000,
  lingerMs: 0,
  retry: { initialMs: 1, maxMs: 2 },
};

const silent = pino({ level: 'silent' });

function accumulatorOn(
  broker: Pick<FakeBroker, 'connect'>,
  limits: Partial<AccumulatorLimits> = {},
  topicExists = true,
): Accumulator {
  const sessions = new ProducerSessions(() => new ProducerSession(broker.connect(), silent));
  return new Accumulator(
    { ...LIMITS, ...limits },
    {
      session: () => sessions.current(),
      retire: (session) => {
        sessions.retire(session);
      },
      topicExists: () => Promise.resolve(topicExists),
      attempted: () => undefined,
      doubted: () => undefined,
    },
  );
}

function add(accumulator: Accumulator, id: string, partition = 0): Promise<RecordMetadata> {
  const wire: WireRecord = {
    key: null,
    value: Buffer.from(id),
    headers: {},
    timestamp: Date.now(),
    size: 10,
  };
  const pending = accumulator.reserve('t', wire);
  accumulator.add(pending, partition);
  // Looked at later.
  pending.promise.catch(() => undefined);
  return pending.promise;
}

/** What became of a record whose caller was let go at the deadline; the error itself when nobody will ever know. */
async function laterOutcome(error: unknown): Promise<RecordMetadata> {
  if (!(error instanceof DeliveryUnknown) || error.outcome === undefined) throw error;
  return (await error.outcome) as RecordMetadata;
}

describe('whatever happens to requests', () => {
  const fate = fc.constantFrom<RequestFate>(
    'answered',
    'answered',
    'lost',
    'answer lost',
    'refused',
    'missing topic',
    'sequence',
  );
  const burst = fc.array(fc.nat(2), { minLength: 1, maxLength: 8 });

  const limits = fc.record({
    maxBatchRecords: fc.integer({ min: 1, max: 4 }),
    // Some are over before the first answer, some in the middle, some never.
    deliveryTimeoutMs: fc.constantFrom(1, 4, 10_000),
    lingerMs: fc.constantFrom(0, 0, 1),
  });
  const acceptedByBroker = fc.constantFrom(1, 2, Number.POSITIVE_INFINITY);

  it('each is decided once: acknowledged ones are in the log once and in order, refused ones are not, memory is free again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fate, { maxLength: 25 }),
        fc.array(burst, { minLength: 1, maxLength: 5 }),
        limits,
        acceptedByBroker,
        async (fates, bursts, drawn, maxBatchOfBroker) => {
          const broker = new FakeBroker(fates, maxBatchOfBroker);
          const accumulator = accumulatorOn(broker, drawn);
          const sent: { id: string; partition: number; result: Promise<RecordMetadata> }[] = [];
          for (const partitions of bursts) {
            for (const partition of partitions) {
              const id = `r${sent.length}`;
              sent.push({ id, partition, result: add(accumulator, id, partition) });
            }
            await new Promise((resolve) => setImmediate(resolve));
          }
          const told = await Promise.allSettled(sent.map(({ result }) => result));
          await accumulator.idle();
          // What callers were told at the deadline, replaced by what became of the record.
          const results = await Promise.allSettled(sent.map(({ result }) => result.catch(laterOutcome)));

          expect(broker.concurrentRequests).toBe(0);
          expect([accumulator.bytes, accumulator.records]).toEqual([0, 0]);
          for (const partition of [0, 1, 2]) {
            const log = broker.logs.get(partition) ?? [];
            const mine = sent.flatMap(({ id, ...record }, index) =>
              record.partition === partition ? [{ id, result: results[index], told: told[index] }] : [],
            );
            const acknowledged = mine.filter(({ result }) => result?.status === 'fulfilled');
            const order = acknowledged.map(({ id }) => log.indexOf(id));
            expect(order).toEqual([...order].sort((a, b) => a - b));
            expect(new Set(log).size).toBe(log.length);
            for (const { id, result, told: first } of mine) {
              if (result?.status === 'fulfilled') expect(log[Number(result.value.offset)]).toBe(id);
              else if (!(result?.reason instanceof DeliveryUnknown)) expect(log).not.toContain(id);
              if (first?.status === 'rejected' && !(first.reason instanceof DeliveryUnknown))
                expect(log).not.toContain(id);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('nothing that was queued behind a record without an outcome is sent before that record is tried again', async () => {
    const broker = new FakeBroker(['answer lost', 'sequence']);
    const accumulator = accumulatorOn(broker, { maxBatchRecords: 1 });

    const results = await Promise.allSettled(['a', 'b', 'c'].map((id) => add(accumulator, id)));

    expect(
      results.map((result) => (result.status === 'rejected' ? (result.reason as Error).name : 'sent')),
    ).toEqual(['DeliveryUnknown', 'NotSent', 'NotSent']);
    await Promise.all(['a again', 'b', 'c'].map((id) => add(accumulator, id)));
    expect(broker.logs.get(0)).toEqual(['a', 'a again', 'b', 'c']);
  });
});

describe('at the delivery deadline', () => {
  it('callers are let go, the batch stays in flight, and its outcome comes later', async () => {
    const broker = new FakeBroker(Array<RequestFate>(20).fill('lost'));
    const accumulator = accumulatorOn(broker, { deliveryTimeoutMs: 5, maxBatchRecords: 1 });
    const [first, second] = [add(accumulator, 'a'), add(accumulator, 'b')];

    const [unknown, late] = await Promise.all([
      first.catch((error: unknown) => error),
      second.catch((error: unknown) => error),
    ]);

    expect(unknown).toBeInstanceOf(DeliveryUnknown);
    expect(late).toBeInstanceOf(NotSent);
    await expect((unknown as DeliveryUnknown).outcome).resolves.toEqual({
      topic: 't',
      partition: 0,
      offset: 0n,
    });
    expect(broker.logs.get(0)).toEqual(['a']);
  });
});

it('a clock that is set back keeps no caller waiting', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const accumulator = accumulatorOn(new FakeBroker(Array<RequestFate>(20).fill('lost')), {
      deliveryTimeoutMs: 5,
    });
    const sent = add(accumulator, 'a');

    vi.setSystemTime(Date.now() - 3_600_000);

    // Which of the two depends on how quickly this machine came to send.
    await expect(sent).rejects.toSatisfy(
      (error) => error instanceof DeliveryUnknown || error instanceof NotSent,
    );
    await accumulator.idle();
  } finally {
    vi.useRealTimers();
  }
});

describe('a topic that the cluster does not know', () => {
  it('for a moment, after an outage of many tries: the batch in doubt is repeated, and written once', async () => {
    const outage = Array<RequestFate>(8).fill('lost');
    const broker = new FakeBroker(['answer lost', ...outage, ...Array<RequestFate>(4).fill('missing topic')]);

    await expect(add(accumulatorOn(broker, {}, false), 'a')).resolves.toMatchObject({ offset: 0n });

    expect(broker.logs.get(0)).toEqual(['a']);
  });

  it('any more: of a batch in doubt nobody says that it is not in the log', async () => {
    const broker = new FakeBroker(['answer lost', ...Array<RequestFate>(5).fill('missing topic')]);
    const accumulator = accumulatorOn(broker, { maxBatchRecords: 1 }, false);

    const results = await Promise.allSettled(['a', 'b'].map((id) => add(accumulator, id)));

    expect(broker.logs.get(0)).toEqual(['a']);
    expect(results).toMatchObject([
      { reason: { code: 'DELIVERY_UNKNOWN' } },
      { reason: { code: 'NOT_SENT' } },
    ]);
  });

  it('at all: a batch without a doubt is certainly not in the log, and neither is what is behind it', async () => {
    const broker = new FakeBroker(['missing topic']);
    const accumulator = accumulatorOn(broker, { maxBatchRecords: 1 }, false);

    const results = await Promise.allSettled(['a', 'b'].map((id) => add(accumulator, id)));

    expect(
      results.map((result) => (result.status === 'rejected' ? (result.reason as unknown) : 'sent')),
    ).toEqual([expect.any(UnknownTopic), expect.any(UnknownTopic)]);
  });

  it('to this session only: nothing was sent, and the next session finds it', async () => {
    const broker = new FakeBroker(Array<RequestFate>(5).fill('missing topic'));
    const accumulator = accumulatorOn(broker);

    await expect(add(accumulator, 'a')).rejects.toBeInstanceOf(NotSent);
    await add(accumulator, 'a');

    expect(broker.logs.get(0)).toEqual(['a']);
  });
});

describe('records that the broker refuses', () => {
  it('a batch that is refused after its callers were let go is set aside whole: each outcome says so', async () => {
    let refuse!: (error: Error) => void;
    const slow = {
      connect: () => Promise.resolve(),
      disconnect: () => Promise.resolve(),
      append: () => new Promise<bigint>((_, reject) => (refuse = reject)),
    };
    const accumulator = accumulatorOn({ connect: () => slow }, { deliveryTimeoutMs: 5 });
    const told = await Promise.allSettled(['a', 'b'].map((id) => add(accumulator, id)));
    const behind = add(accumulator, 'c');

    refuse(new AppendError('too-large', 'MESSAGE_TOO_LARGE', undefined));

    for (const result of told) {
      const reason: unknown = result.status === 'rejected' ? result.reason : undefined;
      expect(reason).toBeInstanceOf(DeliveryUnknown);
      await expect((reason as DeliveryUnknown).outcome).rejects.toBeInstanceOf(NotSent);
    }
    await expect(behind).rejects.toBeInstanceOf(NotSent);
    expect(accumulator.records).toBe(0);
  });

  it('a batch that is too large is divided, in order', async () => {
    const broker = new FakeBroker([], 2);
    const accumulator = accumulatorOn(broker, { maxBatchRecords: 10 });
    const ids = Array.from({ length: 9 }, (_, n) => `r${n}`);

    await Promise.all(ids.map((id) => add(accumulator, id)));

    expect(broker.logs.get(0)).toEqual(ids);
  });

  it('a single record that is too large is refused with a code, and the next one is sent', async () => {
    const broker = new FakeBroker([], 0);
    const accumulator = accumulatorOn(broker);

    const error: unknown = await add(accumulator, 'huge').catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(RecordTooLarge);
    expect(error).toMatchObject({ code: 'RECORD_TOO_LARGE' });
    expect(accumulator.bytes).toBe(0);
  });

  it('a refusal carries the code of the broker', async () => {
    const accumulator = accumulatorOn(new FakeBroker(['refused']));

    const error: unknown = await add(accumulator, 'a').catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(RecordRejected);
    expect(error).toMatchObject({ code: 'TOPIC_AUTHORIZATION_FAILED' });
  });
});

describe('memory', () => {
  it.each([
    ['records', { bufferRecords: 2 }],
    ['bytes', { bufferBytes: 20 }],
  ])(
    'is bounded in %s: the record over the limit is refused at once, and accepted when there is room again',
    async (_, limits) => {
      const broker = new FakeBroker([]);
      const accumulator = accumulatorOn(broker, limits);
      const accepted = [add(accumulator, 'a'), add(accumulator, 'b')];

      expect(() => add(accumulator, 'c')).toThrow(BufferExhausted);
      await Promise.all(accepted);
      await add(accumulator, 'c');

      expect(broker.logs.get(0)).toEqual(['a', 'b', 'c']);
    },
  );
});

describe('giving up', () => {
  it('decides everything: sent records are unknown, queued ones were not sent', async () => {
    const broker = new FakeBroker(Array<RequestFate>(1000).fill('lost'));
    const accumulator = accumulatorOn(broker, {
      maxBatchRecords: 1,
      retry: { initialMs: 1000, maxMs: 1000 },
    });
    const results = Promise.allSettled([add(accumulator, 'a'), add(accumulator, 'b')]);
    await new Promise((resolve) => setTimeout(resolve, 5));

    accumulator.abandon('closed');

    const errors = (await results).map((result) =>
      result.status === 'rejected' ? (result.reason as Error).name : 'sent',
    );
    expect(errors).toEqual(['DeliveryUnknown', 'NotSent']);
    expect(accumulator.records).toBe(0);
  });
});
