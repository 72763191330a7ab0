import {
  createInMemoryBroker,
  type InMemoryBroker,
  jsonCodec,
  type Note,
  noteContract,
  recordSpans,
  type SpanRecorder,
  waitFor,
} from '@eda/testing';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { ParentBasedSampler, type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace';
import { pino } from 'pino';
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createConsumer } from './consumer.ts';
import { createProducer } from './producer.ts';
import { subscribe } from './subscription.ts';
import { tracingIsOn } from './tracing.ts';
import type { Handler, Producer, RawRecord } from './types.ts';
import { toWireRecord } from './wire-record.ts';

const SPAN = '00f067aa0ba902b7';
const IN = 'in';
const OUT = 'out';
const logger = pino({ level: 'silent' });

/** Takes or leaves roots as it is told, and says how often it was asked about one. */
class Roots implements Sampler {
  taken: boolean[] = [];
  asked = 0;

  shouldSample(): { decision: SamplingDecision } {
    this.asked += 1;
    const take = this.taken.shift() ?? true;
    return { decision: take ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD };
  }
}

const roots = new Roots();
let recorder: SpanRecorder;
let broker: InMemoryBroker;
let producer: Producer;

beforeAll(() => {
  recorder = recordSpans(new ParentBasedSampler({ root: roots }));
  // Asks about roots of its own to find out.
  expect(tracingIsOn()).toBe(true);
  return () => recorder.close();
});
beforeEach(() => {
  broker = createInMemoryBroker();
  for (const name of [IN, OUT, `${IN}.g.dlq`]) broker.createTopics([{ name, partitions: 1 }]);
  producer = createProducer({ client: broker.client(), codec: jsonCodec, source: '/test', logger });
});
afterEach(async () => {
  await producer.close();
  recorder.reset();
});

const traceId = (index: number) => `4bf92f3577b34da6a3ce929d${String(index).padStart(8, '0')}`;
const parent = (index: number, flags: string) => `00-${traceId(index)}-${SPAN}-${flags}`;
const text = (header: unknown) => (Buffer.isBuffer(header) ? header.toString() : undefined);
const idOf = (record: RawRecord) => (JSON.parse(String(record.value)) as { id: string }).id;
const extensionsOf = (record: RawRecord) =>
  (JSON.parse(String(record.value)) as { extensions: Record<string, string> }).extensions;

/** Puts records into the log as other clients do, with exactly these headers; the event ids are their places. */
async function feed(...traceparents: (string | undefined)[]): Promise<void> {
  const contract = noteContract(IN);
  const records = traceparents.map((traceparent, index) => {
    const record = jsonCodec.encode(contract, {
      id: `e${index}`,
      type: contract.type,
      source: '/elsewhere',
      time: new Date(),
      key: 'k',
      data: { key: 'k', text: String(index) },
      extensions: {},
    });
    const trace = traceparent === undefined ? {} : { traceparent, tracestate: `vendor=${index}` };
    return toWireRecord({ ...record, headers: { ...record.headers, ...trace } });
  });
  const client = broker.client().producer();
  await client.connect();
  await client.append(IN, 0, records);
  await client.disconnect();
}

/** Handles what is in the log with a handler that is no transaction's, and stops at the end of the test. */
async function consume(handler: Handler<Note>): Promise<void> {
  const consumer = createConsumer({
    client: broker.client(),
    codec: jsonCodec,
    producer,
    logger,
    groupId: 'g',
    store: 'none',
    subscriptions: [subscribe(noteContract(IN), handler)],
    retry: { maxAttempts: 2, backoff: { initialMs: 1, maxMs: 2 }, onExhausted: 'dead-letter' },
  });
  onTestFinished(() => consumer.stop());
  await consumer.start();
}

async function published(count: number, topic = OUT): Promise<RawRecord[]> {
  await waitFor(() => broker.records(topic).length >= count, { description: `${count} records in ${topic}` });
  return broker.records(topic).sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
}

const publishNext = async (cause: string) => {
  await producer.publish(noteContract(OUT), { key: 'k', text: 'next' }, { id: `of-${cause}` });
};

describe('a record whose trace is not recorded', () => {
  it('makes no span and is not asked about, and what its handler publishes is in its trace and names its cause', async () => {
    const inHandler: (string | undefined)[] = [];
    await feed(parent(0, '00'), parent(1, '00'), parent(2, '02'));
    roots.asked = 0;

    await consume(async ({ id }) => {
      inHandler.push(trace.getSpanContext(context.active())?.traceId);
      await publishNext(id);
      inHandler.push(trace.getSpanContext(context.active())?.traceId);
    });

    await waitFor(() => inHandler.length === 6, { description: 'the handlers' });
    const records = await published(3);
    expect(records.map(({ headers }) => text(headers['traceparent']))).toEqual([
      parent(0, '00'),
      parent(1, '00'),
      parent(2, '02'),
    ]);
    expect(records.map(({ headers }) => text(headers['tracestate']))).toEqual([
      'vendor=0',
      'vendor=1',
      'vendor=2',
    ]);
    expect(records.map(extensionsOf)).toEqual(
      ['e0', 'e1', 'e2'].map((id) => ({ correlationid: id, causationid: id })),
    );
    expect(inHandler).toEqual([0, 0, 1, 1, 2, 2].map(traceId));
    expect(recorder.all()).toEqual([]);
    expect(roots.asked).toBe(0);
  });

  it('is still the cause of what its handler leaves behind, when others are handled already', async () => {
    const last = Promise.withResolvers<undefined>();
    await feed(parent(0, '00'), parent(1, '00'), parent(2, '00'));

    await consume(({ id }) => {
      void last.promise.then(() => publishNext(id));
      if (id === 'e2') last.resolve(undefined);
      return Promise.resolve();
    });

    const records = await published(3);
    expect(records.map(({ headers }) => text(headers['traceparent']))).toEqual(
      [0, 1, 2].map((index) => parent(index, '00')),
    );
    expect(records.map(extensionsOf)).toMatchObject(['e0', 'e1', 'e2'].map((id) => ({ causationid: id })));
  });

  it('lets a span that the handler begins for its own work be one of its trace', async () => {
    await feed(parent(0, '00'));

    await consume(({ id }) =>
      trace.getTracer('handler').startActiveSpan('own', async (span) => {
        expect(span.isRecording()).toBe(false);
        await publishNext(id);
        span.end();
      }),
    );

    const [record] = await published(1);
    expect(text(record?.headers['traceparent'])).toMatch(new RegExp(`^00-${traceId(0)}-[0-9a-f]{16}-00$`));
    expect(record && extensionsOf(record)).toMatchObject({ causationid: 'e0' });
    expect(recorder.all()).toEqual([]);
  });

  it('becomes a dead letter with the context it has', async () => {
    await feed(parent(0, '00'));

    await consume(() => Promise.reject(new Error('no')));

    const [letter] = await published(1, `${IN}.g.dlq`);
    expect(text(letter?.headers['traceparent'])).toBe(parent(0, '00'));
    expect(recorder.all()).toEqual([]);
  });
});

it('of records of all kinds those have a span whose trace is recorded, and each is in its own trace', async () => {
  const order: string[] = [];
  const places: (string | undefined)[] = [];
  roots.taken = [true, false, false, true];
  // e0 no, e1 yes, e2 root: yes, e3 root: no, e4 no, e5 not valid, so a root: no, e6 root: yes, e7 yes
  await feed(
    parent(0, '00'),
    parent(1, '01'),
    undefined,
    undefined,
    parent(4, '00'),
    'garbage',
    `00-${'0'.repeat(32)}-${SPAN}-00`,
    parent(7, '01'),
  );

  await consume(async ({ id }) => {
    order.push(id);
    const active = trace.getSpanContext(context.active());
    places.push(active?.traceId);
    await publishNext(id);
  });

  const records = await published(8);
  await waitFor(() => recorder.all().length === 8, { description: 'the spans' });
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((index) => `e${index}`));
  const processed = recorder.all().filter(({ name }) => name === `process ${IN}`);
  expect(processed.map(({ attributes }) => attributes['messaging.message.id'])).toEqual([
    'e1',
    'e2',
    'e6',
    'e7',
  ]);
  expect(processed.map(({ attributes }) => attributes)).toMatchObject(
    [1, 2, 6, 7].map((offset) => ({ 'messaging.kafka.offset': offset, outcome: 'applied' })),
  );
  expect(processed.map(({ parentSpanContext }) => parentSpanContext?.traceId)).toEqual([
    traceId(1),
    undefined,
    undefined,
    traceId(7),
  ]);
  for (const [index, record] of records.entries()) {
    const [, id, , flags] = text(record.headers['traceparent'])?.split('-') ?? [];
    expect(id).toBe(places[index]);
    expect(flags).toBe([1, 2, 6, 7].includes(index) ? '01' : '00');
  }
  expect([0, 1, 4, 7].map((index) => places[index])).toEqual([0, 1, 4, 7].map(traceId));
  expect(new Set(places).size).toBe(8);
});

it('a record that fails has one span for all its tries, and its trace is decided once', async () => {
  roots.taken = [true, false];
  roots.asked = 0;
  await feed(undefined, undefined);

  await consume(({ attempt }) =>
    attempt === 1 ? Promise.reject(Object.assign(new Error('no'), { code: 'NO' })) : Promise.resolve(),
  );

  const span = await recorder.span(`process ${IN}`);
  expect(span.attributes).toMatchObject({ 'messaging.message.id': 'e0', outcome: 'applied' });
  expect(span.events).toMatchObject([{ name: 'try failed', attributes: { 'error.type': 'NO', attempt: 1 } }]);
  expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
  await waitFor(() => roots.asked === 2, { description: 'the other record' });
  expect(recorder.all()).toHaveLength(1);
});

describe('a record that is sent', () => {
  const sent = async (headers: Record<string, string> = {}) => {
    const given = Object.freeze({ own: 'yes', ...headers });
    await producer.send({ topic: OUT, key: null, value: Buffer.from('{"id":"x"}'), headers: given });
    const record = broker.records(OUT).at(-1);
    return { traceparent: text(record?.headers['traceparent']), own: text(record?.headers['own']) };
  };

  it('gets the context of its span, recorded or not', async () => {
    roots.taken = [false, true];
    const unrecorded = await sent();
    const recorded = await sent();

    expect(unrecorded).toMatchObject({ own: 'yes', traceparent: expect.stringMatching(/-00$/) as string });
    const span = await recorder.span(`send ${OUT}`);
    expect(recorded.traceparent).toBe(`00-${span.spanContext().traceId}-${span.spanContext().spanId}-01`);
    expect(recorder.all()).toHaveLength(1);
  });

  it('keeps what it carries, and asks nobody when that is not recorded', async () => {
    roots.asked = 0;

    expect(await sent({ traceparent: parent(1, '00') })).toMatchObject({ traceparent: parent(1, '00') });
    expect(await sent({ traceparent: parent(2, '01') })).toMatchObject({ traceparent: parent(2, '01') });

    expect(recorder.all().map((span) => span.parentSpanContext?.traceId)).toEqual([traceId(2)]);
    expect(roots.asked).toBe(0);
  });

  it('gets a context of its own where what it carries is none', async () => {
    roots.taken = [false];

    expect((await sent({ traceparent: 'garbage' })).traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });
});
