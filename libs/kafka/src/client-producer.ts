import type { Kafka } from 'kafkajs';
import { toAppendError } from './client-errors.ts';
import type { ClientNames } from './client-names.ts';
import type { ClientProducer } from './client-types.ts';
import { AppendError } from './client-types.ts';

/**
 * One attempt per call. A kafkajs producer that is idempotent must allow retries, yet its own retry gives back the sequence
 * number it took (tulios/kafkajs#1303 and the like); NaN passes its check and is never reached. The caller repeats the batch.
 */
const ONE_ATTEMPT = Number.NaN;

/** One idempotent kafkajs producer, used in the one way in which it is exact: one partition a send, one attempt a send. */
export function createClientProducer(kafka: Kafka, names: ClientNames): ClientProducer {
  const producer = kafka.producer({
    idempotent: true,
    allowAutoTopicCreation: false,
    retry: { retries: ONE_ATTEMPT },
    metadataMaxAge: 60_000,
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition ?? 0,
  });
  return {
    connect: () => producer.connect(),
    async append(topic, partition, records) {
      let results;
      try {
        results = await producer.send({
          topic: names.physical(topic),
          acks: -1,
          timeout: 30_000,
          messages: records.map(({ key, value, headers, timestamp }) => ({
            key,
            value,
            headers,
            partition,
            timestamp: String(timestamp.getTime()),
          })),
        });
      } catch (error) {
        throw toAppendError(error);
      }
      const offset = results[0]?.baseOffset;
      if (offset === undefined) throw new AppendError('unknown', 'NO_ANSWER', results);
      return BigInt(offset);
    },
    disconnect: () => producer.disconnect(),
  };
}
