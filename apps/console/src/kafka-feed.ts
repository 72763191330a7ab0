/** The console's own connection to Kafka: reads everything that is shown, puts dead letters back. */
import { EVENTS, TOPICS, createCodec, createSchemaCatalog } from '@eda/contracts';
import { createProducer, createTail, redrive, redriveMany } from '@eda/kafka';
import type { KafkaClient, Producer, RecordMetadata, RedriveProgress, RedriveResult, Tail } from '@eda/kafka';
import { problem } from '@eda/service';
import type { Logger } from '@eda/service';
import type { ConsoleState } from './console-state.ts';
import { createRecordRouter } from './record-router.ts';

export interface KafkaFeedOptions {
  readonly client: KafkaClient;
  readonly registryUrl: string;
  readonly state: ConsoleState;
  readonly logger: Logger;
}

export interface RedriveAllOptions {
  /** Code of the error; every one when absent. */
  readonly code?: string | undefined;
  /** Ends it between two chunks. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RedriveProgress) => void;
}

export interface KafkaFeed {
  /** Begins to read in the background; waits for whatever is away, and says so in the state. */
  start(): void;
  /**
   * Puts one dead letter back and resolves with its new place.
   * Throws a problem: 404 unknown, 409 put back before or by somebody else now, 503 not connected yet.
   */
  redrive(topic: string, partition: number, offset: bigint): Promise<RecordMetadata>;
  /** Puts back all dead letters of the topic, or those with this error code. Throws a problem: 404 unknown, 503. */
  redriveAll(topic: string, options: RedriveAllOptions): Promise<RedriveResult>;
  stop(deadlineMs: number): Promise<void>;
}

const SOURCE = '/eda/console';

/** Returns a feed that is not connected. State and dead letters are read from the beginning, events from now on. */
export function createKafkaFeed({ client, registryUrl, state, logger }: KafkaFeedOptions): KafkaFeed {
  const stopping = new AbortController();
  let tail: Tail | undefined;
  let producer: Producer | undefined;
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    state.setFeed({
      state: 'connecting',
      detail: 'Waiting for the schema registry: without it no event can be read.',
    });
    const catalog = await createSchemaCatalog({
      registryUrl,
      contracts: EVENTS,
      logger,
      signal: stopping.signal,
      onWaiting: ({ reason }) => {
        state.setFeed({ state: 'connecting', detail: `Waiting for the schema registry: ${reason}` });
      },
    });
    const codec = createCodec(catalog);
    producer = createProducer({ client, codec, source: SOURCE, logger });
    state.setFeed({
      state: 'connecting',
      detail: 'Waiting for Kafka and its topics: the page fills when they are there.',
    });
    const fromBeginning = new Set(TOPICS.filter(({ kind }) => kind !== 'event').map(({ name }) => name));
    let live = false;
    tail = createTail({
      client,
      topics: TOPICS.map(({ name }) => ({
        topic: name,
        from: fromBeginning.has(name) ? 'beginning' : 'end',
      })),
      onRecord: createRecordRouter({
        codec,
        contracts: EVENTS,
        state,
        isLive: (topic) => live || !fromBeginning.has(topic),
      }),
      logger,
    });
    await tail.start();
    await Promise.race([tail.caughtUp, aborted(stopping.signal)]);
    live = true;
    state.setFeed({ state: 'live', detail: 'Reading every topic as it grows.' });
  };

  const producerFor = (topic: string): Producer => {
    if (!TOPICS.some(({ name, kind }) => name === topic && kind === 'dead-letter')) {
      throw problem(404, { detail: `There is no dead-letter topic ${topic}.` });
    }
    if (producer) return producer;
    throw problem(503, {
      detail: 'The console is not connected to Kafka yet.',
      headers: { 'retry-after': '2' },
    });
  };

  return {
    start() {
      running = run().catch((error: unknown) => {
        if (stopping.signal.aborted) return;
        logger.error({ err: error }, 'the console cannot read Kafka');
        const reason = error instanceof Error ? error.message : String(error);
        state.setFeed({ state: 'connecting', detail: `Nothing can be read: ${reason}` });
      });
    },

    async redrive(topic, partition, offset) {
      const connected = producerFor(topic);
      try {
        return await redrive({ client, producer: connected, deadLetterTopic: topic, partition, offset });
      } catch (error) {
        throw asProblem(error);
      }
    },

    async redriveAll(topic, { code, signal, onProgress }) {
      const connected = producerFor(topic);
      try {
        return await redriveMany({
          client,
          producer: connected,
          deadLetterTopic: topic,
          filter: code === undefined ? {} : { codes: [code] },
          signal: AbortSignal.any([signal, stopping.signal]),
          onProgress,
        });
      } catch (error) {
        throw asProblem(error);
      }
    },

    async stop(deadlineMs) {
      stopping.abort();
      await running;
      await tail?.stop();
      await producer?.close(deadlineMs);
    },
  };
}

/** Refusals are the client's to understand; anything else says that Kafka did not take it. */
function asProblem(error: unknown): Error {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === 'DEAD_LETTER_NOT_FOUND') return problem(404, { detail: sentence(message) });
  if (code === 'ALREADY_REDRIVEN' || code === 'NOT_A_DEAD_LETTER' || code === 'REDRIVE_RUNNING')
    return problem(409, { detail: sentence(message) });
  return problem(503, {
    detail: `Kafka did not take the record: ${String(message)}`,
    headers: { 'retry-after': '5' },
    cause: error,
  });
}

function sentence(message: unknown): string {
  const text = String(message);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  signal.throwIfAborted();
}
