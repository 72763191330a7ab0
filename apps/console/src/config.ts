/** The variables of the console. */
import { join } from 'node:path';
import { commonConfig, kafkaConfig, loadConfig, port } from '@eda/service';
import { type Static, Type } from 'typebox';

const serviceUrl = (byDefault: string, name: string) =>
  Type.String({
    default: byDefault,
    pattern: '^https?://[^\\s]+$',
    description: `the http(s) URL of ${name}, to ask for its health`,
  });

export const CONFIG = Type.Object({
  ...commonConfig,
  ...kafkaConfig,
  PORT: port(3000),
  CATALOG_DIR: Type.String({
    default: join(import.meta.dirname, '../../../dist/catalog'),
    description: 'the folder of the event catalogue that is shown below /catalog/; npm run catalog makes it',
  }),
  STORE_URL: serviceUrl('http://127.0.0.1:3001', 'store'),
  INVENTORY_URL: serviceUrl('http://127.0.0.1:3002', 'inventory'),
  REPLENISHMENT_URL: serviceUrl('http://127.0.0.1:3003', 'replenishment'),
});

export type ConsoleConfig = Readonly<Static<typeof CONFIG>>;

/** Returns the configuration in `env`. Throws `ConfigError` with every bad variable. */
export function loadConsoleConfig(env?: NodeJS.ProcessEnv): ConsoleConfig {
  return loadConfig(CONFIG, env);
}
