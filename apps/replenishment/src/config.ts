/** The variables of replenishment, and the policy they describe. */
import {
  commonConfig,
  ConfigError,
  consumerConfig,
  databaseConfig,
  kafkaConfig,
  loadConfig,
  port,
} from '@eda/service';
import { type Static, Type } from 'typebox';
import { parseThresholds, type ReplenishmentPolicy, THRESHOLD_PATTERN } from './policy.ts';

const pieces = (byDefault: number, description: string) =>
  Type.Integer({ default: byDefault, minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });

export const CONFIG = Type.Object({
  ...commonConfig,
  ...kafkaConfig,
  ...databaseConfig,
  ...consumerConfig,
  PORT: port(3003),
  REPLENISHMENT_THRESHOLD: pieces(5, 'pieces under which an item is replenished'),
  REPLENISHMENT_THRESHOLDS: Type.Array(Type.String({ pattern: THRESHOLD_PATTERN }), {
    default: [],
    description: 'thresholds of single items, <sku>=<pieces> separated by commas',
  }),
  REPLENISHMENT_TARGET_STOCK: pieces(20, 'pieces that a replenished item should have'),
  REPLENISHMENT_MAX_OPEN_REQUESTS: pieces(10_000, 'requests that may be open at a time'),
});

export interface ReplenishmentConfig extends Readonly<Static<typeof CONFIG>> {
  readonly policy: ReplenishmentPolicy;
}

/** Returns the configuration in `env`. Throws `ConfigError` with every bad variable. */
export function loadReplenishmentConfig(env?: NodeJS.ProcessEnv): ReplenishmentConfig {
  const config = loadConfig(CONFIG, env);
  return {
    ...config,
    policy: {
      defaultThreshold: config.REPLENISHMENT_THRESHOLD,
      thresholds: thresholds(config.REPLENISHMENT_THRESHOLDS),
      targetStock: config.REPLENISHMENT_TARGET_STOCK,
      maxOpenRequests: config.REPLENISHMENT_MAX_OPEN_REQUESTS,
    },
  };
}

function thresholds(texts: readonly string[]): ReadonlyMap<string, number> {
  try {
    return parseThresholds(texts);
  } catch (error) {
    throw new ConfigError([`REPLENISHMENT_THRESHOLDS: ${(error as Error).message}`]);
  }
}
