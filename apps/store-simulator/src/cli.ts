/** The command line: what the simulator can be asked to do. */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

export const HELP = `Drives the store API.

Usage: node apps/store-simulator/src/main.ts <command> [options]

Commands:
  golden    send the nine movements of the golden scenario, wait for the stock they lead to, exit 0 or 1
  random    send random movements until stopped
  load      send many movements at once, compare the stock they lead to, exit 0 when nothing was lost or counted twice

Options of all:
  --store-url <url>      default STORE_URL or http://127.0.0.1:3001
  --inventory-url <url>  default INVENTORY_URL or http://127.0.0.1:3002
  --help                 show this text

Options of golden:
  --run <id>             ending of the store and item names; a fresh one by default
  --timeout <seconds>    how long to wait for the effects, default 60

Options of random:
  --rate <n>             movements per second, default 1
  --stores <n>           number of stores, default 5
  --items <n>            number of items, default 8
  --seed <n>             same seed, same movements; a fresh one by default
  --count <n>            stop after so many movements
  --duration <seconds>   stop after this time

Options of load:
  --count <n>            movements in all, default 1000
  --rate <n>             movements per second, default 50
  --connections <n>      stores that send beside each other, default 8
  --items <n>            number of items, default 8
  --seed <n>             same seed, same movements; a fresh one by default
  --run <id>             ending of the store and item names; a fresh one by default
  --timeout <seconds>    how long to wait for the effects, default 60

With PORT set, random answers /livez, /readyz and /metrics there.
`;

export interface GoldenCommand {
  readonly name: 'golden';
  readonly storeUrl?: string | undefined;
  readonly inventoryUrl?: string | undefined;
  readonly run?: string | undefined;
  readonly timeoutSeconds: number;
}

export interface RandomCommand {
  readonly name: 'random';
  readonly storeUrl?: string | undefined;
  readonly inventoryUrl?: string | undefined;
  /** Movements per second. */
  readonly rate: number;
  readonly stores: number;
  readonly items: number;
  readonly seed?: number | undefined;
  readonly count?: number | undefined;
  readonly durationSeconds?: number | undefined;
}

export interface LoadCommand {
  readonly name: 'load';
  readonly storeUrl?: string | undefined;
  readonly inventoryUrl?: string | undefined;
  readonly run?: string | undefined;
  readonly count: number;
  /** Movements per second. */
  readonly rate: number;
  readonly connections: number;
  readonly items: number;
  readonly seed?: number | undefined;
  readonly timeoutSeconds: number;
}

export interface HelpCommand {
  readonly name: 'help';
}

/** The command line cannot be understood; the message says what and where. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const COMMON = {
  'store-url': { type: 'string' },
  'inventory-url': { type: 'string' },
  help: { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig;

/** Returns the command that `args` (without `node` and the file) ask for. Throws `UsageError`. */
export function parseCommand(
  args: readonly string[],
): GoldenCommand | RandomCommand | LoadCommand | HelpCommand {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') return { name: 'help' };
  if (name === undefined) throw new UsageError('a command is missing: golden, random or load');
  switch (name) {
    case 'golden':
      return parseGolden(rest);
    case 'random':
      return parseRandom(rest);
    case 'load':
      return parseLoad(rest);
    default:
      throw new UsageError(
        name.startsWith('-')
          ? `the command (golden, random or load) comes first, before "${name}"`
          : `unknown command "${name}": expected golden, random or load`,
      );
  }
}

function parseGolden(args: string[]): GoldenCommand | HelpCommand {
  const { values } = parse(args, { ...COMMON, run: { type: 'string' }, timeout: { type: 'string' } });
  if (values.help) return { name: 'help' };
  return {
    name: 'golden',
    storeUrl: url('--store-url', values['store-url']),
    inventoryUrl: url('--inventory-url', values['inventory-url']),
    run: runName(values.run),
    timeoutSeconds: number('--timeout', values.timeout, { above: 0, max: 3600 }) ?? 60,
  };
}

function parseRandom(args: string[]): RandomCommand | HelpCommand {
  const { values } = parse(args, {
    ...COMMON,
    rate: { type: 'string' },
    stores: { type: 'string' },
    items: { type: 'string' },
    seed: { type: 'string' },
    count: { type: 'string' },
    duration: { type: 'string' },
  });
  if (values.help) return { name: 'help' };
  return {
    name: 'random',
    storeUrl: url('--store-url', values['store-url']),
    inventoryUrl: url('--inventory-url', values['inventory-url']),
    rate: number('--rate', values.rate, { above: 0, max: 1000 }) ?? 1,
    stores: number('--stores', values.stores, { above: 0, max: 10_000, whole: true }) ?? 5,
    items: number('--items', values.items, { above: 0, max: 10_000, whole: true }) ?? 8,
    seed: number('--seed', values.seed, { above: -1, max: 2 ** 32 - 1, whole: true }),
    count: number('--count', values.count, { above: 0, max: Number.MAX_SAFE_INTEGER, whole: true }),
    durationSeconds: number('--duration', values.duration, { above: 0, max: 366 * 86_400 }),
  };
}

function parseLoad(args: string[]): LoadCommand | HelpCommand {
  const { values } = parse(args, {
    ...COMMON,
    count: { type: 'string' },
    rate: { type: 'string' },
    connections: { type: 'string' },
    items: { type: 'string' },
    seed: { type: 'string' },
    run: { type: 'string' },
    timeout: { type: 'string' },
  });
  if (values.help) return { name: 'help' };
  return {
    name: 'load',
    storeUrl: url('--store-url', values['store-url']),
    inventoryUrl: url('--inventory-url', values['inventory-url']),
    run: runName(values.run),
    count: number('--count', values.count, { above: 0, max: 10_000_000, whole: true }) ?? 1000,
    rate: number('--rate', values.rate, { above: 0, max: 10_000 }) ?? 50,
    connections: number('--connections', values.connections, { above: 0, max: 1000, whole: true }) ?? 8,
    items: number('--items', values.items, { above: 0, max: 10_000, whole: true }) ?? 8,
    seed: number('--seed', values.seed, { above: -1, max: 2 ** 31 - 1, whole: true }),
    timeoutSeconds: number('--timeout', values.timeout, { above: 0, max: 3600 }) ?? 60,
  };
}

function runName(text: string | undefined): string | undefined {
  if (text === undefined || /^[\w.-]{1,32}$/.test(text)) return text;
  throw new UsageError(`--run "${text}": expected 1 to 32 letters, digits, "_", "." or "-"`);
}

function parse<const O extends ParseArgsOptionsConfig>(args: string[], options: O) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false });
  } catch (error) {
    // Node's messages are good, but go on after the first sentence about positional arguments nobody asked for.
    throw new UsageError((error as Error).message.split('. ', 1)[0]);
  }
}

function url(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? '')) {
    throw new UsageError(`${option} "${text}": expected a URL such as http://127.0.0.1:3001`);
  }
  return text.replace(/\/+$/, '');
}

interface Range {
  readonly above: number;
  readonly max: number;
  readonly whole?: boolean;
}

function number(option: string, text: string | undefined, { above, max, whole }: Range): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? NaN : Number(text);
  if (!(value > above && value <= max) || (whole === true && !Number.isInteger(value))) {
    const kind = whole === true ? 'a whole number' : 'a number';
    throw new UsageError(`${option} "${text}": expected ${kind} above ${above} and up to ${max}`);
  }
  return value;
}
