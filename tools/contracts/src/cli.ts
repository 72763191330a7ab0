import { parseArgs } from 'node:util';
import { generate } from './generate.ts';
import { ContractsInvalid, didYouMean } from './problems.ts';

const HELP = `Compiles schemas/ and apps/*/asyncapi.yaml into TypeScript.

Usage: npm run generate [-- --check]
       node tools/contracts/src/main.ts generate [--check]

Commands:
  generate   writes libs/contracts/src/generated

Options:
  --check    writes nothing; exit code 1 when the generated files are out of date
  --help     shows this

Exit codes: 0 all is well, 1 the contracts are wrong or out of date, 2 wrong usage
`;

export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Runs the command line in `args` on the repository at `root` and returns the exit code. */
export function runCli(args: readonly string[], root: string, { out, err }: Output): number {
  const usage = (message: string) => {
    err(`${message}\nSee: node tools/contracts/src/main.ts --help\n`);
    return 2;
  };
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { check: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    return usage((error as Error).message.split('. ')[0] ?? '');
  }
  const [command, ...more] = parsed.positionals;
  if (parsed.values.help) {
    out(HELP);
    return 0;
  }
  if (command === undefined) return usage('Missing command: generate');
  if (command !== 'generate')
    return usage(`Unknown command "${command}"${didYouMean(command, ['generate'])}`);
  if (more.length > 0) return usage(`Unexpected argument "${more.join(' ')}"`);
  try {
    return report(generate(root, { check: parsed.values.check ?? false }), parsed.values.check ?? false, {
      out,
      err,
    });
  } catch (error) {
    if (!(error instanceof ContractsInvalid)) throw error;
    err(`${error.message}\n${error.problems.length} problem(s); nothing was written\n`);
    return 1;
  }
}

function report(result: ReturnType<typeof generate>, check: boolean, { out, err }: Output): number {
  const { files, changed } = result;
  if (check && changed.length > 0) {
    err(`Out of date: ${changed.join(', ')}\nRun: npm run generate\n`);
    return 1;
  }
  const what = check || changed.length === 0 ? 'up to date' : `${changed.length} written`;
  out(`${files.length} generated files, ${what}\n`);
  return 0;
}
