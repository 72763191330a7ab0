/** The command line of `npm start`: what may be said and what it means. */
import { parseArgs } from 'node:util';
import { DEFAULT_INSTANCE, type Ports as PlatformPorts, type ProviderName } from '@eda/platform';
import { APPS, DEFAULT_PORTS, type Ports } from './apps.ts';

const PROVIDERS: readonly ProviderName[] = ['given', 'container', 'embedded'];
const isProviderName = (text: string): text is ProviderName =>
  (PROVIDERS as readonly string[]).includes(text);
const PLATFORM_PARTS = ['kafka', 'registry', 'database'] as const satisfies (keyof PlatformPorts)[];

export interface StartOptions {
  readonly fresh: boolean;
  /** Names the folder of data and logs, `.platform/<instance>`. */
  readonly instance: string;
  /** Movements per second of the simulation; 0 for none. */
  readonly rate: number;
  readonly ports: Ports;
  /** Arguments handed on to the platform. */
  readonly platform: { readonly provider?: ProviderName; readonly ports: Partial<PlatformPorts> };
}

export const HELP = `Usage: npm start -- [options]

Starts the whole blueprint on this machine: Kafka, schema registry, PostgreSQL, the apps and a gentle simulation.
Ctrl-C stops everything in order; a second Ctrl-C stops it at once. Data is kept in .platform/ between runs.

Options:
  --fresh                  begin anew: removes the data of earlier runs
  --rate <n>               movements per second of the simulation (default 1; 0 for none)
  --console-port <port>    default 3000        --kafka-port <port>      default 9092
  --store-port <port>      default 3001        --registry-port <port>   default 8081
  --inventory-port <port>  default 3002        --database-port <port>   default 5433
  --replenishment-port <port>  default 3003
  --provider <name>        where the platform comes from: given, container or embedded (default: the first that works)
  --instance <name>        keep data and logs in .platform/<name> (default dev)
  --help                   this text

Related: npm run golden (the acceptance scenario) · npm run platform (the platform alone) · npx nx serve <app>
`;

/** What the user said is not usable; the message says why. */
export class UsageError extends Error {}

function port(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535) {
    throw new UsageError(`--${name} must be a port between 1 and 65535, not "${text}"`);
  }
  return value;
}

/** Returns the options of the command line, or `help`; throws `UsageError` for anything it does not know. */
export function parseStartOptions(args: readonly string[]): StartOptions | 'help' {
  const string = { type: 'string' } as const;
  const parsed = (() => {
    try {
      return parseArgs({
        args: [...args],
        options: {
          help: { type: 'boolean', short: 'h', default: false },
          fresh: { type: 'boolean', default: false },
          rate: { type: 'string', default: '1' },
          provider: string,
          instance: { type: 'string', default: DEFAULT_INSTANCE },
          ...Object.fromEntries(
            [...APPS.map(({ name }) => name), ...PLATFORM_PARTS].map((name) => [`${name}-port`, string]),
          ),
        },
      }).values as Record<string, string | boolean | undefined>;
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    }
  })();
  const text = (name: string) => parsed[name] as string | undefined;

  if (parsed['help'] === true) return 'help';
  const rate = Number(text('rate'));
  if (!Number.isFinite(rate) || rate < 0 || rate > 1_000) {
    throw new UsageError(
      `--rate must be a number of movements per second between 0 and 1000, not "${text('rate')}"`,
    );
  }
  const instance = text('instance') ?? DEFAULT_INSTANCE;
  if (!/^[a-z0-9][a-z0-9-]{0,30}$/.test(instance)) {
    throw new UsageError(`--instance must be up to 31 small letters, digits and dashes, not "${instance}"`);
  }
  const provider = text('provider');
  if (provider !== undefined && !isProviderName(provider)) {
    throw new UsageError(`--provider must be ${PROVIDERS.join(' or ')}, not "${provider}"`);
  }
  const given = <Name extends string>(names: readonly Name[]) =>
    Object.fromEntries(
      names
        .map((name) => [name, port(`${name}-port`, text(`${name}-port`))])
        .filter(([, value]) => value !== undefined),
    ) as Partial<Record<Name, number>>;
  return {
    fresh: parsed['fresh'] === true,
    instance,
    rate,
    ports: { ...DEFAULT_PORTS, ...given(APPS.map(({ name }) => name)) },
    platform: { ...(provider === undefined ? {} : { provider }), ports: given(PLATFORM_PARTS) },
  };
}
