/** `node tools/charts/src/main.ts`: what checks the charts. */
import { ToolMissing } from '@eda/helm';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { validateCommand } from './commands/validate.ts';
import { ChartError, textOf, UsageError } from './errors.ts';

const HELP = `Checks the Helm charts.

Usage: node tools/charts/src/main.ts <command> [chart ...]

Commands:
  validate   renders each chart with each of its ci/*-values.yaml and checks what comes out: against the schemas of the oldest and the
             newest Kubernetes and of the operators, against the policies, by Helm 4 and Helm 3

Without a chart, all are checked.
Exit codes: 0 nothing found, 1 something found or not to be checked here, 2 wrong usage
`;

async function run(): Promise<void> {
  const { values, positionals } = read(process.argv.slice(2));
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const [command, ...charts] = positionals;
  if (command !== 'validate') {
    throw new UsageError(
      command === undefined ? 'A command is missing.' : `There is no command "${command}".`,
    );
  }
  const fine = await validateCommand(charts, {
    workspace: resolve(import.meta.dirname, '../../..'),
    out: (line) => process.stdout.write(`${line}\n`),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  if (!fine) process.exitCode = 1;
}

function read(args: string[]) {
  try {
    return parseArgs({
      args,
      options: { help: { type: 'boolean', short: 'h', default: false } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(textOf(error));
  }
}

try {
  await run();
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nnode tools/charts/src/main.ts --help lists the commands.\n`);
    process.exitCode = 2;
  } else if (error instanceof ChartError || error instanceof ToolMissing) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else throw error;
}
