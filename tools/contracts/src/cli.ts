import { parseArgs } from 'node:util';
import { generate } from './generate.ts';
import { ContractsInvalid, didYouMean } from './problems.ts';
import { recordGolden } from './record-golden.ts';
import { REGISTRY_COMMANDS } from './registry/command.ts';

const HELP = `Compiles schemas/ and apps/*/asyncapi.yaml into TypeScript.

Usage: npm run generate [-- --check]
       node tools/contracts/src/main.ts generate [--check]
       node tools/contracts/src/main.ts record
       node tools/contracts/src/main.ts plan | apply | verify [--registry URL]

Commands:
  generate   writes libs/contracts/src/generated
  record     adds the example of each new or changed event to schemas/golden, as bytes that every later version
             of the event must be able to read; what is there stays as it is
  plan       shows what apply would change in a schema registry
  apply      publishes schemas and compatibility levels in a schema registry
  verify     compares a schema registry with the contracts

Options:
  --check    for generate: writes nothing; exit code 1 when the generated files are out of date
  --help     shows this, and after plan, apply or verify what they know

Exit codes: 0 all is well, 1 the contracts are wrong or out of date, 2 wrong usage
`;

export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

interface Options {
  readonly check: boolean;
}

/** Each returns the exit code. */
const COMMANDS: Readonly<Record<string, (root: string, output: Output, options: Options) => number>> = {
  generate: runGenerate,
  record: runRecord,
};

/** Runs the command line in `args` on the repository at `root` and resolves with the exit code. */
export async function runCommandLine(args: readonly string[], root: string, output: Output): Promise<number> {
  const [name = '', ...rest] = args;
  const command = new Map(Object.entries(REGISTRY_COMMANDS)).get(name);
  return command ? command(rest, root, output) : runCli(args, root, output);
}

/** Runs a command that needs nothing but the repository and returns the exit code. */
export function runCli(args: readonly string[], root: string, output: Output): number {
  const usage = (message: string) => {
    output.err(`${message}\nSee: node tools/contracts/src/main.ts --help\n`);
    return 2;
  };
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { check: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    return usage((error as Error).message.split('. ')[0] ?? '');
  }
  const { positionals, values } = parsed;
  if (values.help) {
    output.out(HELP);
    return 0;
  }
  const [name, ...more] = positionals;
  const known = [...Object.keys(COMMANDS), ...Object.keys(REGISTRY_COMMANDS)];
  if (name === undefined) return usage(`Missing command, one of: ${known.join(', ')}`);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return usage(`Unknown command "${name}"${didYouMean(name, known)}`);
  if (more.length > 0) return usage(`Unexpected argument "${more.join(' ')}"`);
  if (values.check && name !== 'generate') return usage(`${name} has no option --check`);
  try {
    return command(root, output, { check: values.check });
  } catch (error) {
    if (!(error instanceof ContractsInvalid)) throw error;
    const { length } = error.problems;
    output.err(`${error.message}\n${length} ${length === 1 ? 'problem' : 'problems'}, nothing was written\n`);
    return 1;
  }
}

function runGenerate(root: string, { out, err }: Output, { check }: Options): number {
  const { files, changed } = generate(root, { check });
  if (check && changed.length > 0) {
    err(`Out of date: ${changed.join(', ')}\nRun: npm run generate\n`);
    return 1;
  }
  out(
    `${files.length} generated files, ${changed.length === 0 ? 'up to date' : `${changed.length} changed`}\n`,
  );
  return 0;
}

function runRecord(root: string, { out }: Output): number {
  const files = recordGolden(root);
  out(files.length === 0 ? 'Nothing new to record\n' : files.map((file) => `Recorded ${file}\n`).join(''));
  return 0;
}
