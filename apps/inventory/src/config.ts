/** The variables of inventory. */
import { commonConfig, databaseConfig, kafkaConfig, loadConfig, port } from '@eda/service';
import { type Static, Type } from 'typebox';

const CONFIG = Type.Object({
  ...commonConfig,
  ...kafkaConfig,
  ...databaseConfig,
  PORT: port(3002),
  CONSUMER_SESSION_TIMEOUT_MS: Type.Integer({
    default: 30_000,
    minimum: 6_000,
    maximum: 300_000,
    description: 'milliseconds after which the group gives the work of a silent replica to others',
  }),
  INBOX_RETENTION_DAYS: Type.Integer({
    default: 30,
    minimum: 1,
    maximum: 3650,
    description: 'days for which handled events are remembered; longer than any record can come again',
  }),
});

export type InventoryConfig = Readonly<Static<typeof CONFIG>>;

/** Returns the configuration in `env`. Throws `ConfigError` with every bad variable. */
export function loadInventoryConfig(env?: NodeJS.ProcessEnv): InventoryConfig {
  return loadConfig(CONFIG, env);
}
