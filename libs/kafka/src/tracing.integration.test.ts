import {
  createKafkaBench,
  jsonCodec,
  type KafkaBench,
  type Note,
  noteContract,
  recordSpans,
  type SpanRecorder,
  waitFor,
} from '@eda/testing';
import { context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deadLetterTopic } from './dead-letter.ts';
import { PermanentError } from './errors.ts';
import { createOutbox } from './outbox.ts';
import { subscribe, subscribeBatch } from './subscription.ts';
import type { PublishOptions, RawRecord } from './types.ts';

let bench: KafkaBench;
let recorder: SpanRecorder;

beforeAll(async () => {
  recorder = recordSpans();
  bench = await createKafkaBench();
  return async () => {
    await bench[Symbol.asyncDispose]();
    await recorder.close();
  };
});
afterEach(async () => {
  await bench.cleanUp();
  recorder.reset();
});

const outbox = createOutbox({ codec: jsonCodec, source: '/test' });

async function appendInTransaction(topic: string, text: string, options?: PublishOptions) {
  const connection = await bench.pool.connect();
  try {
    await connection.query('BEGIN');
    await outbox.append(connection, noteContract(topic), { key: 'secret-key', text }, options);
    await connection.query('COMMIT');
  } finally {
    connection.release();
  }
}

function inRequest<R>(work: (span: Span) => Promise<R>): Promise<R> {
  return trace.getTracer('test').startActiveSpan('request', async (span) => {
    try {
      return await work(span);
    } finally {
      span.end();
    }
  });
}

function traceparent(record: RawRecord | undefined): string | undefined {
  const value = record?.headers['traceparent'];
  return Buffer.isBuffer(value) ? value.toString() : undefined;
}

describe('a trace', () => {
  it('leads from the request through outbox, relay and consumer to the consumer of what that one publishes', async () => {
    const [first, second] = [await bench.newTopic(), await bench.newTopic()];
    await bench.startRelay();
    await bench.startConsumer({
      groupId: 'middle',
      subscriptions: [
        subscribe<Note>(noteContract(first), async ({ data }, { tx }) => {
          await outbox.append(tx, noteContract(second), { key: 'secret-key', text: `${data.text} again` });
        }),
      ],
    });
    await bench.startConsumer({
      groupId: 'end',
      subscriptions: [subscribe<Note>(noteContract(second), () => Promise.resolve())],
    });

    await inRequest(() => appendInTransaction(first, 'secret-text'));
    await recorder.span(`process ${second}`);
    await recorder.span(`send ${second}`);

    const parents = new Map<string, string | undefined>();
    const request = await recorder.span('request');
    const names = new Map(recorder.all().map((span) => [span.spanContext().spanId, span.name]));
    for (const span of recorder.all()) {
      expect(span.spanContext().traceId).toBe(request.spanContext().traceId);
      parents.set(span.name, names.get(span.parentSpanContext?.spanId ?? ''));
    }
    expect(Object.fromEntries(parents)).toEqual({
      request: undefined,
      [`create ${first}`]: 'request',
      [`send ${first}`]: `create ${first}`,
      [`process ${first}`]: `create ${first}`,
      [`create ${second}`]: `process ${first}`,
      [`send ${second}`]: `create ${second}`,
      [`process ${second}`]: `create ${second}`,
    });
    expect(recorder.all()).toHaveLength(7);
    const shown = JSON.stringify(recorder.all().map(({ attributes, events }) => [attributes, events]));
    expect(shown).not.toContain('secret');
  });

  it('has the attributes of the messaging conventions', async () => {
    const topic = await bench.newTopic();
    await bench.startConsumer({
      groupId: 'named',
      subscriptions: [subscribe<Note>(noteContract(topic), () => Promise.resolve())],
    });

    const options = { id: 'event-1', extensions: { correlationid: 'c-1' } };
    const { partition, offset } = await bench.producer.publish(
      noteContract(topic),
      { key: 'k', text: 't' },
      options,
    );

    const send = await recorder.span(`send ${topic}`);
    const process = await recorder.span(`process ${topic}`);
    const common = {
      'messaging.system': 'kafka',
      'messaging.destination.name': topic,
      'messaging.destination.partition.id': String(partition),
      'messaging.kafka.offset': Number(offset),
    };
    expect(send).toMatchObject({ kind: SpanKind.PRODUCER, status: { code: SpanStatusCode.UNSET } });
    expect(send.attributes).toEqual({
      ...common,
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
    });
    expect(process).toMatchObject({ kind: SpanKind.CONSUMER, status: { code: SpanStatusCode.UNSET } });
    expect(process.parentSpanContext?.spanId).toBe(send.spanContext().spanId);
    expect(process.attributes).toEqual({
      ...common,
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.consumer.group.name': 'named',
      'messaging.message.id': 'event-1',
      'messaging.message.conversation_id': 'c-1',
      outcome: 'applied',
    });
  });

  it('tells that a record became a dead letter, which keeps the context it had', async () => {
    const topic = await bench.newTopic();
    const letters = await bench.newTopic({ name: deadLetterTopic(topic, 'failing') });
    await bench.startConsumer({
      groupId: 'failing',
      subscriptions: [
        subscribe<Note>(noteContract(topic), () =>
          Promise.reject(new PermanentError('secret', { code: 'BROKEN' })),
        ),
      ],
    });

    await bench.producer.publish(noteContract(topic), { key: 'k', text: 't' });

    const process = await recorder.span(`process ${topic}`);
    expect(process.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(process.attributes).toMatchObject({ 'error.type': 'BROKEN', outcome: 'dead-letter' });
    const created = (await recorder.span(`send ${topic}`)).spanContext();
    const sent = await recorder.span(`send ${letters}`);
    expect(sent.kind).toBe(SpanKind.CLIENT);
    expect(sent.parentSpanContext?.spanId).toBe(process.spanContext().spanId);
    expect(sent.links.map(({ context: { spanId } }) => spanId)).toEqual([created.spanId]);
    const [[record], [letter]] = [await bench.readAll(topic), await bench.readAll(letters)];
    expect(traceparent(letter)).toBe(traceparent(record));
    expect(traceparent(letter)).toContain(created.spanId);
  });

  it('of a batch is one of its own with a link to each record', async () => {
    const topic = await bench.newTopic();
    const texts = ['a', 'b', 'c'];
    const inRoot = () => texts.map((text) => bench.producer.publish(noteContract(topic), { key: 'k', text }));
    await Promise.all(inRoot());
    let inHandler: string | undefined;
    await bench.startConsumer({
      groupId: 'batches',
      subscriptions: [
        subscribeBatch<Note>(noteContract(topic), () => {
          inHandler = trace.getSpanContext(context.active())?.spanId;
          return Promise.resolve();
        }),
      ],
    });

    const batch = await recorder.span(`process ${topic}`);

    expect(batch.parentSpanContext).toBeUndefined();
    expect(batch.spanContext().spanId).toBe(inHandler);
    expect(batch.attributes).toMatchObject({
      'messaging.batch.message_count': 3,
      'messaging.consumer.group.name': 'batches',
      outcome: 'applied',
    });
    const sends = recorder.all().filter(({ name }) => name === `send ${topic}`);
    expect(batch.links.map(({ context: { spanId } }) => spanId).sort()).toEqual(
      sends.map((span) => span.spanContext().spanId).sort(),
    );
    expect(batch.links.map(({ attributes }) => attributes)).toEqual(
      [0, 1, 2].map((offset) => ({ 'messaging.kafka.offset': offset })),
    );
  });
});

it('a send that is refused ends its span with the reason', async () => {
  const value = Buffer.alloc(9 << 20);

  const sending = bench.producer.send({ topic: 'any', key: null, value, headers: {} });

  await expect(sending).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' });
  const span = await recorder.span('send any');
  expect(span).toMatchObject({ status: { code: SpanStatusCode.ERROR } });
  expect(span.attributes['error.type']).toBe('RECORD_TOO_LARGE');
});

it('a trace context that the publisher gives is the event’s own, and its sender is a child of it', async () => {
  const topic = await bench.newTopic();
  const given = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  await bench.startRelay();

  await appendInTransaction(topic, 't', { extensions: { traceparent: given, tracestate: 'a=1' } });

  const send = await recorder.span(`send ${topic}`);
  expect(send.parentSpanContext).toMatchObject({ spanId: '00f067aa0ba902b7', isRemote: true });
  expect(recorder.all().map(({ name }) => name)).toEqual([`send ${topic}`]);
  const [record] = await bench.readAll(topic);
  expect(traceparent(record)).toBe(given);
});

it('a trace that its caller does not record is passed on as such, and makes no spans', async () => {
  const [first, second] = [await bench.newTopic(), await bench.newTopic()];
  await bench.startRelay();
  await bench.startConsumer({
    groupId: 'unrecorded',
    subscriptions: [
      subscribe<Note>(noteContract(first), async (_record, { tx }) => {
        await outbox.append(tx, noteContract(second), { key: 'k', text: 'next' });
      }),
    ],
  });
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const extensions = { traceparent: `00-${traceId}-00f067aa0ba902b7-00` };

  await bench.producer.publish(noteContract(first), { key: 'k', text: 't' }, { extensions });

  await waitFor(async () => (await bench.readAll(second)).length === 1, { description: 'the next record' });
  const [record] = await bench.readAll(second);
  expect(traceparent(record)).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
  expect(recorder.all()).toEqual([]);
});
