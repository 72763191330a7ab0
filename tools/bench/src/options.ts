/** What can be said on the command line. */
import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly only: readonly string[];
  /** False when nothing but the growth plots is asked for. */
  readonly scenarios: boolean;
  readonly rounds: number;
  readonly records: number;
  readonly growth: boolean;
  readonly opponents: boolean;
  readonly json: string | undefined;
  readonly profile: string | undefined;
  readonly help: boolean;
}

/** A command line that cannot be followed. */
export class UsageError extends Error {
  readonly code = 'USAGE';

  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export const USAGE = `Measures this library beside its peers on three brokers of its own.

npm run bench -- [options]

  --only L1,L2,...   only these layers (L0, L1, L2, L3, naive, platformatic, confluent) or scenarios (by the beginning of
                     their id, for example L2-publish); the documentation is left as it is then
  --rounds N         how often each scenario is run, interleaved with the others; 3 when absent
  --records N        records of a run, the warm-up included, at most; slow scenarios end after 6 s; 240000 when absent
  --growth           also the plots over partitions, callers and record sizes (--only growth: nothing else)
  --opponents        installs the opponents that are no part of the workspace (tools/bench/opponents) first
  --json FILE        where the figures go; tmp/bench.json when absent
  --profile FOLDER   writes a CPU profile of each scenario's process there
  --help             this text
`;

/** Reads the arguments behind the program's name. Throws `UsageError`. */
export function parseOptions(args: readonly string[]): BenchOptions {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', multiple: true },
        rounds: { type: 'string' },
        records: { type: 'string' },
        growth: { type: 'boolean' },
        opponents: { type: 'boolean' },
        json: { type: 'string' },
        profile: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const only = (values.only ?? [])
    .flatMap((list) => list.split(','))
    .map((word) => word.trim())
    .filter(Boolean);
  return {
    only: only.filter((word) => word !== 'growth'),
    scenarios: only.length === 0 || only.some((word) => word !== 'growth'),
    rounds: whole('rounds', values.rounds, 3, 1, 100),
    records: whole('records', values.records, 240_000, 1000, 20_000_000),
    growth: values.growth === true || only.includes('growth'),
    opponents: values.opponents === true,
    json: values.json,
    profile: values.profile,
    help: values.help === true,
  };
}

/** Returns the option `name` as a whole number, `fallback` when absent. Throws `UsageError`. */
export function whole(
  name: string,
  text: string | undefined,
  fallback: number,
  least: number,
  most: number,
): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new UsageError(`--${name} is a whole number from ${least} to ${most}, not "${text}"`);
  return value;
}
