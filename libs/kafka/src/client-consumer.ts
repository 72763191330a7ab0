import type { EachBatchPayload, Kafka } from 'kafkajs';
import { isUnreachable, toSessionLost } from './client-errors.ts';
import type { ClientNames } from './client-names.ts';
import { toRawRecord } from './client-record.ts';
import type { ClientConsumer, ClientConsumerOptions, FetchedBatch } from './client-types.ts';

function toFetchedBatch(payload: EachBatchPayload, names: ClientNames): FetchedBatch {
  const { batch } = payload;
  const topic = names.logical(batch.topic);
  return {
    topic,
    partition: batch.partition,
    logEnd: BigInt(batch.highWatermark),
    records: batch.messages.map((message) => toRawRecord(topic, batch.partition, message)),
    async heartbeat() {
      try {
        await payload.heartbeat();
      } catch (error) {
        throw toSessionLost(error);
      }
    },
    async commit(positions) {
      try {
        // Not consumer.commitOffsets(): that one does nothing, silently, once the consumer stops.
        await payload.commitOffsetsIfNecessary({
          topics: [...Map.groupBy(positions, ({ topic: name }) => name)].map(([name, places]) => ({
            topic: names.physical(name),
            partitions: places.map(({ partition, offset }) => ({ partition, offset: String(offset) })),
          })),
        });
      } catch (error) {
        throw toSessionLost(error);
      }
    },
    resolve: (offset) => {
      payload.resolveOffset(String(offset));
    },
    isCurrent: () => payload.isRunning() && !payload.isStale(),
  };
}

/** One kafkajs consumer from its start to its end: it never restarts by itself, a crash is reported once. */
export function createClientConsumer(
  kafka: Kafka,
  names: ClientNames,
  options: ClientConsumerOptions,
  removeMember: (groupId: string, memberId: string) => Promise<void>,
): ClientConsumer {
  const consumer = kafka.consumer({
    groupId: names.physical(options.groupId),
    sessionTimeout: options.sessionTimeoutMs,
    heartbeatInterval: options.heartbeatIntervalMs,
    rebalanceTimeout: options.rebalanceTimeoutMs,
    maxBytesPerPartition: options.maxBytesPerPartition,
    maxBytes: 5_000_000,
    maxWaitTimeInMs: options.maxWaitMs,
    metadataMaxAge: 60_000,
    allowAutoTopicCreation: false,
    // A few seconds of patience; what lasts longer is a crash, and the owner of this session decides about a new one.
    retry: {
      retries: 4,
      initialRetryTime: 100,
      maxRetryTime: 1000,
      restartOnFailure: () => Promise.resolve(false),
    },
  });
  // Leaving while the join is under way would leave a member behind that nobody stops (tulios/kafkajs#1639).
  let settled: () => void = () => undefined;
  const joinedOrCrashed = new Promise<void>((resolve) => (settled = resolve));
  let running = false;
  let crashed = false;
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    const assignment = Object.entries(payload.memberAssignment).map(
      ([topic, partitions]) => [names.logical(topic), partitions] as const,
    );
    options.onJoin(new Map(assignment), payload.memberId);
    settled();
  });
  consumer.on(consumer.events.REBALANCING, () => {
    // kafkajs sends the request to join again right behind; on the same connection, so what is sent here comes first.
    void options.onRebalance();
  });
  consumer.on(consumer.events.HEARTBEAT, () => {
    options.onHeartbeat();
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    crashed = true;
    settled();
    options.onCrash(payload.error, isUnreachable(payload.error));
  });
  return {
    async start() {
      try {
        const { formerMember, groupId } = options;
        if (formerMember !== undefined) await removeMember(names.physical(groupId), formerMember);
        await consumer.connect();
        await consumer.subscribe({
          topics: options.topics.map((topic) => names.physical(topic)),
          fromBeginning: true,
        });
        running = true;
        await consumer.run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          partitionsConsumedConcurrently: options.concurrency,
          eachBatch: (payload) => options.onBatch(toFetchedBatch(payload, names)),
        });
      } catch (error) {
        running = false;
        options.onCrash(error instanceof Error ? error : new Error(String(error)), isUnreachable(error));
      }
    },
    seek: (topic, partition, offset) => {
      consumer.seek({ topic: names.physical(topic), partition, offset: String(offset) });
    },
    pause: (topic, partition) => {
      // kafkajs refuses while it does not run, and then there is nothing to pause.
      if (running) consumer.pause([{ topic: names.physical(topic), partitions: [partition] }]);
    },
    resume: (topic, partition) => {
      if (running) consumer.resume([{ topic: names.physical(topic), partitions: [partition] }]);
    },
    async stop() {
      if (running) await joinedOrCrashed;
      // A crashed kafkajs consumer has disconnected itself.
      if (!crashed) await consumer.disconnect();
    },
  };
}
