/** The variables of an app as its chart lets them be set. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ChartError } from '../errors.ts';

/** JSON Schema of one variable, as `apps/<app>/src/config.ts` has it. */
export interface VariableSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly secret?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly [keyword: string]: unknown;
}

export interface AppConfig {
  readonly properties: Readonly<Record<string, VariableSchema>>;
  readonly required: readonly string[];
}

/**
 * Variables that are not a user's to choose on a cluster, each with the reason. Those that the chart sets follow from other values,
 * so that a port, a probe and a policy cannot disagree.
 */
export const NOT_CHOSEN: Readonly<Record<string, string>> = {
  HOST: 'set by the chart: the pod is reached from outside of it',
  PORT: 'set by the chart: probes, Service and NetworkPolicy name the same',
  SHUTDOWN_DRAIN_MS: 'set by the chart from shutdown.deadlineSeconds',
  SHUTDOWN_DEADLINE_MS: 'set by the chart from shutdown.deadlineSeconds, as is the grace period',
  KAFKA_CREDENTIALS_DIR: 'set by the chart: where it mounts the Secret',
  SCHEMA_REGISTRY_URL: 'set by the chart from schemaRegistry.url',
  DATABASE_URL: 'set by the chart from the Secret that database.secret names',
  KAFKA_BROKERS: 'in the Secret with the credentials',
  KAFKA_TOPIC_PREFIX: 'the rights of the app are to the names without it',
  CATALOG_DIR: 'set by the image, which holds the catalogue',
};

/** Returns the schema of the variables of `app`, as its code exports it. Throws a `ChartError` when the code has none. */
export async function loadAppConfig(root: string, app: string): Promise<AppConfig> {
  const file = `apps/${app}/src/config.ts`;
  if (!existsSync(join(root, file)))
    throw new ChartError(`${file} is missing: the chart ${app} has its variables from there`);
  const module = (await import(pathToFileURL(join(root, file)).href)) as { CONFIG?: AppConfig };
  if (module.CONFIG === undefined)
    throw new ChartError(
      `${file}: exports no CONFIG with the schema of its variables; write export const CONFIG`,
    );
  return module.CONFIG;
}

/** Returns those variables that may be set under `config`. */
export function chosenVariables({ properties }: AppConfig): [string, VariableSchema][] {
  return Object.entries(properties).filter(([name, { secret }]) => secret !== true && !(name in NOT_CHOSEN));
}
