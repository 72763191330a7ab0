/** The variables of inventory. */
import { commonConfig, consumerConfig, databaseConfig, kafkaConfig, loadConfig, port } from '@eda/service';
import { type Static, Type } from 'typebox';

export const CONFIG = Type.Object({
  ...commonConfig,
  ...kafkaConfig,
  ...databaseConfig,
  ...consumerConfig,
  PORT: port(3002),
});

export type InventoryConfig = Readonly<Static<typeof CONFIG>>;

/** Returns the configuration in `env`. Throws `ConfigError` with every bad variable. */
export function loadInventoryConfig(env?: NodeJS.ProcessEnv): InventoryConfig {
  return loadConfig(CONFIG, env);
}
