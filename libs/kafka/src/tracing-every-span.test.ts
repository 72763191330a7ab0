import { createInMemoryBroker, jsonCodec, noteContract, recordSpans, waitFor } from '@eda/testing';
import { AlwaysOnSampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';
import { pino } from 'pino';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createConsumer } from './consumer.ts';
import { createProducer } from './producer.ts';
import { subscribe } from './subscription.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

it('a sampler that does not follow the caller is asked about each record', async () => {
  const recorder = recordSpans(new AlwaysOnSampler());
  onTestFinished(() => recorder.close());
  const broker = createInMemoryBroker();
  broker.createTopics([{ name: 'in', partitions: 1 }]);
  const logger = pino({ level: 'silent' });
  const client = broker.client();
  const producer = createProducer({ client, codec: jsonCodec, source: '/test', logger });
  const consumer = createConsumer({
    client,
    codec: jsonCodec,
    producer,
    logger,
    groupId: 'g',
    store: 'none',
    subscriptions: [subscribe(noteContract('in'), () => Promise.resolve())],
  });
  onTestFinished(async () => {
    await consumer.stop();
    await producer.close();
  });

  const extensions = { traceparent: `00-${TRACE}-00f067aa0ba902b7-00` };
  await producer.publish(noteContract('in'), { key: 'k', text: 't' }, { extensions });
  await consumer.start();

  await waitFor(() => recorder.all().length === 2, { description: 'the spans' });
  expect(recorder.all().map((span) => [span.name, span.spanContext().traceId])).toEqual([
    ['send in', TRACE],
    ['process in', TRACE],
  ]);
});

it('so is one that goes by the trace id alone, however few traces it takes', async () => {
  const recorder = recordSpans(new TraceIdRatioBasedSampler(1e-6));
  onTestFinished(() => recorder.close());
  vi.resetModules();
  const { startProcess } = await import('./tracing.ts');
  // Its parts cancel each other out, so that any ratio takes it.
  const traceparent = Buffer.from(`00-${'00000002'.repeat(4)}-00f067aa0ba902b7-00`);

  const { span } = startProcess(
    {
      topic: 'in',
      partition: 0,
      offset: 0n,
      timestamp: new Date(),
      key: null,
      value: null,
      headers: { traceparent },
    },
    'g',
  );

  expect(span).toBeDefined();
});
