/** The command line of `npm run faults`. */
import { parseArgs } from 'node:util';
import { ROWS } from './rows/index.ts';

export const HELP = `Usage: npm run faults -- [options]

Makes the faults of the matrix on a real cluster of three brokers and a real database, one row after the other, and lets an
oracle decide from the producer's journal, the whole log and the store: nothing acknowledged is lost, nothing happens twice,
order per key is kept, recovery stays within its budget. Ends with exit code 1 when a row fails.

  --row <n[,n]>     rows of docs/fault-matrix.md; all when absent
  --events <n>      events of each row, default 100000; with fewer, faults are fewer and outages shorter
  --rate <n>        events per second at most, default 2500; slower where the faults take longer
  --slack <n>       budgets of time are multiplied by this, default 1
  --seed <n>        decides keys, victims and losses, default 1
  --json <file>     writes the results as JSON
  --list            says which rows there are and how long each takes, in minutes, about
  --help            this text

DATABASE_URL names a PostgreSQL to use, with the right to make databases; without it one is started.
`;

export interface FaultOptions {
  readonly command: 'run' | 'help' | 'list';
  readonly rows: readonly string[];
  readonly events: number;
  readonly rate: number;
  readonly seed: number;
  readonly slack: number;
  readonly json?: string;
}

/** A command line that cannot be followed; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Returns what the command line says. Throws a `UsageError` for anything it does not know. */
export function parseOptions(args: readonly string[]): FaultOptions {
  const { values } = parse(args);
  const known = ROWS.map(({ name }) => name);
  const asked = values.row?.flatMap((list) => list.split(',').map((name) => name.trim()));
  const rows = asked?.flatMap((name) => {
    // The number of a row stands for all of its parts.
    const found = ROWS.filter((row) => row.name === name || String(row.number) === name);
    if (found.length === 0) throw new UsageError(`there is no row ${name}; there are ${known.join(', ')}`);
    return found.map((row) => row.name);
  });
  return {
    command: values.help ? 'help' : values.list ? 'list' : 'run',
    rows: rows ?? known,
    events: natural('--events', values.events, 100_000),
    rate: natural('--rate', values.rate, 2500),
    seed: natural('--seed', values.seed, 1),
    slack: natural('--slack', values.slack, 1),
    ...(values.json === undefined ? {} : { json: values.json }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        row: { type: 'string', multiple: true },
        events: { type: 'string' },
        rate: { type: 'string' },
        seed: { type: 'string' },
        slack: { type: 'string' },
        json: { type: 'string' },
        list: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function natural(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new UsageError(`${name} must be a whole number above 0, not "${text}"`);
  return Number(text);
}
