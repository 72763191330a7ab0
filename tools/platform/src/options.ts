/** The command line of `npm run platform`: what may be said and what it means. */
import { parseArgs } from 'node:util';
import { PlatformError, textOf } from './errors.ts';
import { DEFAULT_INSTANCE, DEFAULT_PORTS } from './platform.ts';
import { PROVIDER_NAMES } from './providers/choose.ts';
import type { Ports } from './providers/provider.ts';
import type { ProviderName } from './state.ts';

export const HELP = `Usage: npm run platform -- [up | down | status] [options]

The local platform: Kafka, a schema registry and PostgreSQL, with the topics and schemas of the contracts.

  up       starts it and stays in the foreground; Ctrl-C stops it in order, a second Ctrl-C at once (default)
  down     stops one that runs elsewhere, or what a crashed one left
  status   says what runs, and where

Options
  --provider <name>       given: the servers named by KAFKA_BROKERS, SCHEMA_REGISTRY_URL and DATABASE_URL
                          container: a container engine
                          embedded: programs fetched once, without a container engine
                          default: the first of these that is possible        PLATFORM_PROVIDER
  --kafka-port <port>     default ${DEFAULT_PORTS.kafka}, 0 for a free one                      PLATFORM_KAFKA_PORT
  --registry-port <port>  default ${DEFAULT_PORTS.registry}                                         PLATFORM_REGISTRY_PORT
  --database-port <port>  default ${DEFAULT_PORTS.database}                                         PLATFORM_DATABASE_PORT
  --fresh                 removes the data of earlier runs first
  --instance <name>       several can run beside each other; default ${DEFAULT_INSTANCE}; "test" is ephemeral
  --ephemeral             free ports, and data that goes away at the end
  --until-stdin-ends      stops when the program that started it is gone
  --help                  this text
`;

export interface CliOptions {
  readonly command: 'up' | 'down' | 'status' | 'help';
  readonly instance: string;
  readonly provider?: ProviderName;
  readonly ports: Partial<Ports>;
  readonly fresh: boolean;
  readonly ephemeral?: true;
  readonly untilStdinEnds: boolean;
}

/** Returns what the command line and the environment say; throws a `PlatformError` for anything it does not know. */
export function parseOptions(args: readonly string[], env: NodeJS.ProcessEnv = process.env): CliOptions {
  const { values, positionals } = parse(args);
  const [command = 'up', ...more] = positionals;
  if (values.help) return { command: 'help', instance: '', ports: {}, fresh: false, untilStdinEnds: false };
  if ((command !== 'up' && command !== 'down' && command !== 'status') || more.length > 0) {
    throw new PlatformError(
      `"${positionals.join(' ')}" is not a command; up, down and status are. See --help.`,
    );
  }
  const { instance = DEFAULT_INSTANCE, provider = env['PLATFORM_PROVIDER'] } = values;
  if (!/^[a-z0-9][a-z0-9-]*$/.test(instance)) {
    throw new PlatformError(`--instance must be lower-case letters, digits and hyphens, not "${instance}".`);
  }
  if (provider !== undefined && !isProviderName(provider)) {
    throw new PlatformError(`--provider must be ${PROVIDER_NAMES.join(', ')}, not "${provider}".`);
  }
  const ports = (['kafka', 'registry', 'database'] as const).flatMap((part) => {
    const [option, variable] = [values[`${part}-port`], `PLATFORM_${part.toUpperCase()}_PORT`];
    const text = option ?? env[variable];
    return text === undefined
      ? []
      : [[part, parsePort(text, option === undefined ? variable : `--${part}-port`)] as const];
  });
  return {
    command,
    instance,
    ...(provider === undefined ? {} : { provider }),
    ports: Object.fromEntries(ports),
    fresh: values.fresh,
    ...(values.ephemeral ? { ephemeral: true } : {}),
    untilStdinEnds: values['until-stdin-ends'],
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        instance: { type: 'string' },
        provider: { type: 'string' },
        'kafka-port': { type: 'string' },
        'registry-port': { type: 'string' },
        'database-port': { type: 'string' },
        fresh: { type: 'boolean', default: false },
        ephemeral: { type: 'boolean', default: false },
        'until-stdin-ends': { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new PlatformError(`${textOf(error)} See --help.`);
  }
}

function parsePort(text: string, name: string): number {
  const port = Number(text);
  if (text.trim() !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new PlatformError(`${name} must be a port between 0 and 65535, not "${text}".`);
}

function isProviderName(text: string): text is ProviderName {
  return (PROVIDER_NAMES as readonly string[]).includes(text);
}
