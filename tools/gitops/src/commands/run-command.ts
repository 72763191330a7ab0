/** Chooses the command and says what went wrong in a way that a person can act on. */
import { ChartError } from '@eda/charts';
import { CannotCheck, didYouMean } from '@eda/contracts-cli/command-line';
import { ToolMissing } from '@eda/helm';
import { GitopsError, UsageError } from '../errors.ts';
import { checkCommand } from './check.ts';
import type { CommandContext } from './context.ts';
import { diffCommand } from './diff.ts';
import { generateCommand } from './generate.ts';
import { initCommand } from './init.ts';
import { kustomizeCommand } from './kustomize.ts';
import { preflightCommand } from './preflight.ts';
import { promoteCommand } from './promote.ts';
import { sealCommand } from './seal.ts';

const HELP = `Generates, renders and checks what Argo CD deploys.

Usage: npm run gitops -- <command>

Commands:
  check              renders all environments and tells what is wrong with them
  generate           writes what gitops/ has from elsewhere
  promote            gives an environment the version of an application that another one has
  diff               tells what merging the files as they are would change on the clusters
  init               makes a clone of this repository yours: its address and its names
  kustomize <app>    writes an app as base and overlays of Kustomize, for who does not want Helm for it
  preflight          tells whether the cluster of kubectl's context can be bootstrapped; changes nothing there
  seal <what>        seals secrets for the environments that get theirs from Git

<command> --help tells more.
Exit codes: 0 fine, 1 something found or not to be done here, 2 wrong usage, 3 something would be destroyed (diff)
`;

type Command = (args: readonly string[], context: CommandContext) => number | Promise<number>;

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['check', checkCommand],
  ['generate', generateCommand],
  ['promote', promoteCommand],
  ['diff', diffCommand],
  ['init', initCommand],
  ['kustomize', kustomizeCommand],
  ['preflight', preflightCommand],
  ['seal', sealCommand],
]);

/** Runs a command line and resolves with the exit code. */
export async function runCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const [name = '', ...rest] = args;
  try {
    if (name === '--help' || name === '-h') {
      context.out(HELP.trimEnd());
      return 0;
    }
    const command = COMMANDS.get(name);
    if (command !== undefined) return await command(rest, context);
    throw new UsageError(
      name === '' || name.startsWith('-')
        ? 'A command is missing.'
        : [`There is no command "${name}".`, didYouMean(name, [...COMMANDS.keys()])]
            .filter(Boolean)
            .join(' '),
    );
  } catch (error) {
    if (error instanceof UsageError) {
      const own = COMMANDS.has(name) ? `${name} --help tells how it is used` : '--help lists the commands';
      context.log(`${error.message}\nnpm run gitops -- ${own}.`);
      return 2;
    }
    if (SAID.some((kind) => error instanceof kind)) {
      context.log((error as Error).message);
      return 1;
    }
    throw error;
  }
}

/** Errors whose message is all that is needed. */
const SAID = [GitopsError, ChartError, CannotCheck, ToolMissing];
