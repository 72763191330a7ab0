/** The command line of `npm run redrive`. */
import type { RedriveFilter } from '@eda/kafka';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { UsageError } from './usage-error.ts';

export const REDRIVE_HELP = `Puts dead letters back into the topic they came from.

Usage: npm run redrive -- --topic <topic> --group <group> [options]

  --topic <topic>       the topic the records came from
  --group <group>       the consumer group that gave them up
  --filter <what>=<value>
                        only these; may stand more than once, then all must hold:
                          code=OUT_OF_RANGE,BROKEN   code of the error, any of them
                          class=PermanentError       class of the error, any of them
                          stage=decode               where it failed: decode or handler
                          key=Store_1                key of the record
                          from=2026-11-22T08:00Z     given up then or later
                          until=2026-11-22T09:00Z    given up before then
                          partition=3                partition of the topic it came from
                          offset=100..200            offset there; also 100, 100.. and ..200
  --dry-run             show what would be put back, and write nothing
  --limit <n>           put back at most so many
  --help                show this text

Reads KAFKA_BROKERS, KAFKA_TOPIC_PREFIX and KAFKA_CREDENTIALS_DIR as the services do.
What was put back is marked: after an error, or after Ctrl-C, the same command goes on where it was.
Exit codes: 0 done, 1 Kafka did not do it, 2 wrong usage, 3 not all was done and the same command goes on.
`;

export interface RedriveCommand {
  readonly name: 'redrive';
  readonly topic: string;
  readonly group: string;
  readonly filter: RedriveFilter;
  readonly dryRun: boolean;
  readonly limit: number | undefined;
}

const OPTIONS = {
  topic: { type: 'string' },
  group: { type: 'string' },
  filter: { type: 'string', multiple: true },
  'dry-run': { type: 'boolean' },
  limit: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

/** Returns what `args` (without `node` and the file) ask for. Throws `UsageError`. */
export function parseRedrive(args: readonly string[]): RedriveCommand | { readonly name: 'help' } {
  let values;
  try {
    ({ values } = parseArgs({ args: [...args], options: OPTIONS, strict: true }));
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
  if (values.help === true) return { name: 'help' };
  const { topic, group, limit } = values;
  if (topic === undefined || topic === '') throw new UsageError('--topic is missing');
  if (group === undefined || group === '') throw new UsageError('--group is missing');
  return {
    name: 'redrive',
    topic,
    group,
    filter: parseFilter(values.filter ?? []),
    dryRun: values['dry-run'] === true,
    limit: limit === undefined ? undefined : positive('--limit', limit),
  };
}

/** Returns the filter in texts like `code=A,B`. Throws `UsageError`. */
export function parseFilter(texts: readonly string[]): RedriveFilter {
  let filter: RedriveFilter = {};
  const seen = new Set<string>();
  for (const text of texts) {
    const at = text.indexOf('=');
    const [what, value] = [text.slice(0, at), text.slice(at + 1)];
    if (at < 1 || value === '')
      throw new UsageError(`--filter "${text}" is not of the form <what>=<value>, for example code=BROKEN`);
    if (seen.has(what)) throw new UsageError(`--filter ${what} stands twice`);
    seen.add(what);
    filter = { ...filter, ...condition(what, value) };
  }
  const { failedFrom, failedBefore } = filter;
  if (failedFrom !== undefined && failedBefore !== undefined && failedFrom >= failedBefore)
    throw new UsageError('--filter until is not after --filter from');
  return filter;
}

function condition(what: string, value: string): RedriveFilter {
  switch (what) {
    case 'code':
      return { codes: list(what, value) };
    case 'class':
      return { errorNames: list(what, value) };
    case 'stage':
      if (value !== 'decode' && value !== 'handler')
        throw new UsageError(`--filter stage=${value}: expected decode or handler`);
      return { stage: value };
    case 'key':
      return { key: value };
    case 'from':
      return { failedFrom: time(what, value) };
    case 'until':
      return { failedBefore: time(what, value) };
    case 'partition':
      return { partition: natural(`--filter partition`, value) };
    case 'offset':
      return offsets(value);
    default:
      throw new UsageError(
        `--filter ${what} is not known: expected code, class, stage, key, from, until, partition or offset`,
      );
  }
}

function list(what: string, value: string): string[] {
  const names = value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (names.length === 0) throw new UsageError(`--filter ${what}=${value} names nothing`);
  return names;
}

function time(what: string, value: string): Date {
  const date = new Date(value);
  if (Number.isNaN(date.getTime()) || !/^\d{4}-\d\d-\d\d/.test(value))
    throw new UsageError(`--filter ${what}=${value} is not a time, for example 2026-11-22T08:00Z`);
  return date;
}

function natural(what: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new UsageError(`${what} is "${value}": expected a whole number`);
  return Number(value);
}

function positive(what: string, value: string): number {
  const number = natural(what, value);
  if (number === 0) throw new UsageError(`${what} is 0: expected 1 or more`);
  return number;
}

function offsets(value: string): RedriveFilter {
  const [, from = '', range, to = ''] = /^(\d{0,19})(\.\.)?(\d{0,19})$/.exec(value) ?? [];
  if (from === '' && to === '')
    throw new UsageError(`--filter offset=${value}: expected 100, 100..200, 100.. or ..200`);
  if (range === undefined) return { fromOffset: BigInt(from), toOffset: BigInt(from) };
  if (from !== '' && to !== '' && BigInt(from) > BigInt(to))
    throw new UsageError(`--filter offset=${value} ends before it begins`);
  return {
    ...(from === '' ? {} : { fromOffset: BigInt(from) }),
    ...(to === '' ? {} : { toOffset: BigInt(to) }),
  };
}
