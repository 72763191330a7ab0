/** `node tools/gitops/src/main.ts`: what generates, renders and checks gitops/. */
import { ToolMissing } from '@eda/helm';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkCommand } from './commands/check.ts';
import type { CommandContext } from './commands/context.ts';
import { generateCommand } from './commands/generate.ts';
import { kustomizeCommand } from './commands/kustomize.ts';
import { preflightCommand } from './commands/preflight.ts';
import { GitopsError, UsageError } from './errors.ts';

const HELP = `Generates, renders and checks what Argo CD deploys.

Usage: npm run gitops -- <command>

Commands:
  check              renders all environments and tells what is wrong with them; --env dev only about one
  generate           writes what gitops/ has from elsewhere
  kustomize <app>    writes an app as base and overlays of Kustomize, for who does not want Helm for it
  preflight          tells whether the cluster of kubectl's context can be bootstrapped; changes nothing there

Exit codes: 0 fine, 1 something found or not to be done here, 2 wrong usage
`;

async function run(): Promise<void> {
  const { values, positionals } = read(process.argv.slice(2));
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const [command, ...names] = positionals;
  const context: CommandContext = {
    workspace: resolve(import.meta.dirname, '../../..'),
    out: (line) => void process.stdout.write(`${line}\n`),
    log: (line) => void process.stderr.write(`${line}\n`),
  };
  switch (command) {
    case 'check':
      if (!(await checkCommand(values.env, context))) process.exitCode = 1;
      return;
    case 'generate':
      return generateCommand(context);
    case 'kustomize':
      return kustomizeCommand(names[0], context);
    case 'preflight':
      preflightCommand(context);
      return;
    default:
      throw new UsageError(
        command === undefined ? 'A command is missing.' : `There is no command "${command}".`,
      );
  }
}

function read(args: string[]) {
  try {
    return parseArgs({
      args,
      options: { help: { type: 'boolean', short: 'h', default: false }, env: { type: 'string' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

try {
  await run();
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nnpm run gitops -- --help lists the commands.\n`);
    process.exitCode = 2;
  } else if (error instanceof GitopsError || error instanceof ToolMissing) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else throw error;
}
