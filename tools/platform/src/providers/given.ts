/** Uses servers that run already, at the addresses in the environment. */
import { PlatformError, textOf } from '../errors.ts';
import { kafkaAnswers } from '../kafka-probe.ts';
import { postgresAnswers } from '../postgres.ts';
import { registryAnswers } from '../registry.ts';
import type { Addresses, Provider } from './provider.ts';

const VARIABLES = ['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'DATABASE_URL'] as const;

/**
 * Returns the addresses in `env`, or undefined when none is there.
 * Throws a `PlatformError` when some are there and some are missing.
 */
export function givenAddresses(env: NodeJS.ProcessEnv = process.env): Addresses | undefined {
  const missing = VARIABLES.filter((name) => !env[name]);
  if (missing.length === VARIABLES.length) return undefined;
  if (missing.length > 0) {
    const present = VARIABLES.filter((name) => env[name]);
    throw new PlatformError(
      `${present.join(' and ')} ${present.length > 1 ? 'are' : 'is'} set, but ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not.\n` +
        'Set all three to use servers that run already, or none to let the platform start its own.',
    );
  }
  const [brokers = '', registry = '', database = ''] = VARIABLES.map((name) => env[name]);
  return {
    kafka: { brokers: brokers.split(',').map((address) => address.trim()) },
    registry: { url: registry.replace(/\/+$/, '') },
    database: { url: database },
  };
}

/** Returns the provider of the given addresses; its start throws a `PlatformError` that names all that do not answer. */
export function createGivenProvider(addresses: Addresses): Provider {
  return {
    name: 'given',
    usesPorts: false,
    async start() {
      const [broker = ''] = addresses.kafka.brokers;
      const questions: [name: string, answers: () => Promise<boolean>][] = [
        [`Kafka at ${broker} (KAFKA_BROKERS)`, () => kafkaAnswers(broker)],
        [
          `The registry at ${addresses.registry.url} (SCHEMA_REGISTRY_URL)`,
          () => registryAnswers(addresses.registry.url),
        ],
        ['PostgreSQL (DATABASE_URL)', () => postgresAnswers(addresses.database.url)],
      ];
      const reasons = await Promise.all(
        questions.map(async ([name, answers]) => {
          try {
            return (await answers()) ? [] : [`${name} does not answer.`];
          } catch (error) {
            return [`${name} does not answer: ${reasonOf(error)}`];
          }
        }),
      );
      const silent = reasons.flat();
      if (silent.length > 0) throw new PlatformError(silent.join('\n'));
      return addresses;
    },
  };
}

/** A failed fetch tells the reason only in its cause. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  return [textOf(error), ...(cause === undefined ? [] : [textOf(cause)])].join(', ');
}
