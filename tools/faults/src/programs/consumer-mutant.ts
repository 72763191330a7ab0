/** Consumers as they are written too often. They exist to prove that the oracle sees what is wrong with them. */
import { setTimeout as pause } from 'node:timers/promises';
import { createKafkaClient } from '@eda/kafka';
import kafkajs from 'kafkajs';
import type { Pool } from 'pg';
import { pino } from 'pino';
import type { FaultEvent } from '../fault-contract.ts';
import type { ConsumerSettings } from './consumer-program.ts';
import { insertEffects } from './effects.ts';
import { tell } from './program.ts';

/** `commit-first` commits the offset and then makes the effect; `no-inbox` makes the effect and then commits, with nothing that knows repeats. */
export type Mutation = 'commit-first' | 'no-inbox';

/** Runs until it is killed. */
export async function startMutant(settings: ConsumerSettings, mutation: Mutation, pool: Pool): Promise<void> {
  const { brokers, topic, groupId, sessionTimeoutMs, name, workMs } = settings;
  // Making a client teaches kafkajs to read what the library compresses.
  createKafkaClient({ clientId: name, brokers, logger: pino({ level: 'silent' }) });
  const kafka = new kafkajs.Kafka({
    clientId: name,
    brokers: [...brokers],
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: 1000,
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  consumer.on(consumer.events.GROUP_JOIN, () => tell({ ready: true }));
  let consumed = 0;
  process.on('SIGTERM', () => {
    void consumer.disconnect().then(() => process.exit(0));
  });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 4,
    eachBatch: async (payload) => {
      const { batch } = payload;
      const { partition, messages } = batch;
      const end = String(BigInt(batch.lastOffset()) + 1n);
      const commit = () =>
        payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: end }] }] });
      if (mutation === 'commit-first') await commit();
      for (const { value, offset } of messages) {
        const event = JSON.parse(String(value)) as FaultEvent;
        await pause(workMs);
        await insertEffects(pool, name, [{ ...event, partition, offset: BigInt(offset) }]);
        payload.resolveOffset(offset);
        await payload.heartbeat();
        tell({ ready: true, consumed: (consumed += 1) });
      }
      if (mutation === 'no-inbox') await commit();
    },
  });
}
