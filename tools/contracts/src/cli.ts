import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Call, Command, Output } from './commands/command.ts';
import { WrongUsage } from './commands/command.ts';
import { checkCommand } from './commands/check.ts';
import { compatCommand } from './commands/compat.ts';
import { documentsCommand } from './commands/documents.ts';
import { generateCommand } from './commands/generate.ts';
import { lintCommand } from './commands/lint.ts';
import { releaseCommand } from './commands/release.ts';
import { rulesCommand } from './commands/rules.ts';
import { ContractsInvalid, didYouMean } from './problems.ts';
import { applyCommand, planCommand, verifyCommand } from './registry/command.ts';

export type { Output } from './commands/command.ts';

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['lint', lintCommand],
  ['documents', documentsCommand],
  ['check', checkCommand],
  ['generate', generateCommand],
  ['release', releaseCommand],
  ['compat', compatCommand],
  ['rules', rulesCommand],
  ['plan', planCommand],
  ['apply', applyCommand],
  ['verify', verifyCommand],
]);

/** Runs the command line in `args` on the repository at `root` and resolves with the exit code; never rejects. */
export async function runCli(args: readonly string[], root: string, output: Output): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h') {
    output.out(overview());
    return 0;
  }
  try {
    const { command, options } = parseCommand(name, rest);
    if (options['help'] === true) {
      output.out(command.help);
      return 0;
    }
    const other = options['root'];
    return await command.run({ root: typeof other === 'string' ? resolve(other) : root, options, output });
  } catch (error) {
    if (error instanceof WrongUsage) {
      output.err(`${error.message}\nSee: npx contracts --help\n`);
      return 2;
    }
    if (!(error instanceof ContractsInvalid)) {
      output.err(unexpected(error));
      return 2;
    }
    const { length } = error.findings;
    output.err(`${error.message}\n${length} ${length === 1 ? 'problem' : 'problems'}, nothing was written\n`);
    return 1;
  }
}

/** For what no command expects; never 1, which says that the contracts are wrong. */
function unexpected(error: unknown): string {
  const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
  if (process.env['CONTRACTS_DEBUG'] === '1') return `${stack}\n`;
  const [line = ''] = message.split('\n');
  return `Failed unexpectedly: ${line}. Run it again with CONTRACTS_DEBUG=1 to see where, and report that.\n`;
}

function parseCommand(
  name: string | undefined,
  args: readonly string[],
): Pick<Call, 'options'> & { readonly command: Command } {
  const known = [...COMMANDS.keys()];
  if (name === undefined || name.startsWith('-'))
    throw new WrongUsage(`Missing command, one of: ${known.join(', ')}`);
  const command = COMMANDS.get(name);
  if (!command) throw new WrongUsage(withHint(`Unknown command "${name}"`, didYouMean(name, known)));
  const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (positionals.length > 0) throw new WrongUsage(`Unexpected argument "${positionals.join(' ')}"`);
    return { command, options: values };
  } catch (error) {
    if (error instanceof WrongUsage) throw error;
    const { message } = error as Error;
    const [, unknown] = /^Unknown option '([^']*)'/.exec(message) ?? [];
    if (unknown === undefined) throw new WrongUsage(message.split('. ')[0] ?? message);
    const flags = Object.keys(options).map((option) => `--${option}`);
    throw new WrongUsage(withHint(`${name} has no option ${unknown}`, didYouMean(unknown, flags)));
  }
}

function withHint(what: string, hint: string | undefined): string {
  return hint === undefined ? what : `${what}. ${hint}`;
}

function overview(): string {
  const width = Math.max(...[...COMMANDS.keys()].map(({ length }) => length));
  const list = [...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(width)}   ${summary}\n`).join('');
  return `The compiler of the contracts: schemas/ and apps/*/asyncapi.yaml.

Usage: npx contracts <command> [options]

Commands:
${list}
npx contracts <command> --help lists the options of a command.

Exit codes: 0 all is well, 1 the contracts are wrong or out of date, 2 wrong usage or cannot run, 3 (plan) would change
`;
}
