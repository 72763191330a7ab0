/** The variables of the store. */
import { commonConfig, databaseConfig, kafkaConfig, loadConfig, port } from '@eda/service';
import { Type, type Static } from 'typebox';

export const CONFIG = Type.Object({
  ...commonConfig,
  ...kafkaConfig,
  ...databaseConfig,
  PORT: port(3001),
  IDEMPOTENCY_KEY_HOURS: Type.Integer({
    default: 48,
    minimum: 1,
    maximum: 24 * 365,
    description: 'hours for which the answer to an Idempotency-Key is kept',
  }),
});

export type StoreConfig = Readonly<Static<typeof CONFIG>>;

/** Returns the configuration in `env`. Throws `ConfigError` with every bad variable. */
export function loadStoreConfig(env?: NodeJS.ProcessEnv): StoreConfig {
  return loadConfig(CONFIG, env);
}
