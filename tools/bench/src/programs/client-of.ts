import { createKafkaClient, type KafkaClient } from '@eda/kafka';
import type { Logger } from 'pino';
import type { WorkerSpec } from '../worker-types.ts';

/** The client that `spec` asks for. */
export function clientOf({ brokers, client, compression = 'none' }: WorkerSpec, logger: Logger): KafkaClient {
  return createKafkaClient({
    clientId: 'bench',
    brokers,
    compression,
    logger,
    ...(client === undefined ? {} : { client }),
  });
}
