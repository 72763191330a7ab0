/** The command line of `npm run cluster`. */
import { UsageError } from '../errors.ts';
import { readArguments } from '../read-arguments.ts';

export const HELP = `Usage: npm run cluster -- <command> [options]

A kind cluster that npm run test:cluster works on, with a Git server in it that the cluster reads this repository from.

Commands
  up       makes the cluster unless it is there, builds the images of the apps and loads them, starts the Git server,
           gives it the newest commit of this repository, and tells how to go on
  publish  gives the Git server the newest commit of the repository that is the current folder
  down     deletes the cluster

Options
  --name <name>  the cluster's name, default eda
  --no-images    up builds and loads no images
  --help         this text

Exit codes: 0 done, 1 something is missing or went wrong, 2 wrong usage
`;

export const COMMANDS = ['up', 'publish', 'down'] as const;

export type Command = (typeof COMMANDS)[number];

export interface KindOptions {
  /** Absent when only help is asked for. */
  readonly command?: Command;
  readonly name: string;
  readonly images: boolean;
}

/** Returns what the command line asks for. Throws `UsageError`. */
export function parseKindOptions(args: readonly string[]): KindOptions {
  const { values, positionals } = readArguments(
    args,
    { name: { type: 'string', default: 'eda' }, 'no-images': { type: 'boolean', default: false } },
    true,
  );
  const { name, help } = values;
  const images = !values['no-images'];
  if (help) return { name, images };
  const [command, ...more] = positionals;
  if (!isCommand(command) || more.length > 0)
    throw new UsageError(`"${positionals.join(' ')}": expected one of ${COMMANDS.join(', ')}`);
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(name))
    throw new UsageError(`--name "${name}": expected small letters, digits, dots and hyphens`);
  if (!images && command !== 'up') throw new UsageError(`--no-images is for up, not for ${command}`);
  return { command, name, images };
}

function isCommand(text: string | undefined): text is Command {
  return COMMANDS.some((command) => command === text);
}
