/** The command line of `npm run parked`. */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { UsageError } from './usage-error.ts';

export const PARKED_HELP = `Shows the keys that a consumer has parked, and what an operator can do about them.

Usage: npm run parked -- list    --group <group>
       npm run parked -- retry   --group <group> --topic <topic> --key <key>
       npm run parked -- give-up --group <group> --topic <topic> --key <key>

  list      shows the keys that wait, those that wait longest first
  retry     lets the first record of the key be tried now, without waiting for its next time
  give-up   puts the first record of the key, which has failed, into the dead-letter topic; those behind it go on
  --help    show this text

Reads DATABASE_URL (of the consumer), and for give-up the variables of Kafka as the services do.
Exit codes: 0 done, 1 the database or Kafka did not do it, 2 wrong usage or nothing parked there.
`;

export type ParkedCommand =
  | { readonly name: 'help' }
  | { readonly name: 'list'; readonly group: string }
  | {
      readonly name: 'retry' | 'give-up';
      readonly group: string;
      readonly topic: string;
      readonly key: string;
    };

const OPTIONS = {
  group: { type: 'string' },
  topic: { type: 'string' },
  key: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

/** Returns what `args` (without `node` and the file) ask for. Throws `UsageError`. */
export function parseParked(args: readonly string[]): ParkedCommand {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
  const { values, positionals } = parsed;
  if (values.help === true) return { name: 'help' };
  const [name, ...more] = positionals;
  if (name === undefined) throw new UsageError('a command is missing: list, retry or give-up');
  if (more.length > 0) throw new UsageError(`"${more.join(' ')}" is not expected`);
  const required = (option: 'group' | 'topic' | 'key') => {
    const value = values[option];
    // A key may be empty.
    if (value === undefined || (value === '' && option !== 'key'))
      throw new UsageError(`--${option} is missing`);
    return value;
  };
  switch (name) {
    case 'list':
      return { name, group: required('group') };
    case 'retry':
    case 'give-up':
      return { name, group: required('group'), topic: required('topic'), key: required('key') };
    default:
      throw new UsageError(`unknown command "${name}": expected list, retry or give-up`);
  }
}
