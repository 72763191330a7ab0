/** `node tools/charts/src/main.ts`: what checks the charts. */
import { ToolMissing } from '@eda/helm';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { generateCommand } from './commands/generate.ts';
import { testCommand } from './commands/test.ts';
import { type CommandContext, validateCommand } from './commands/validate.ts';
import { ChartError, textOf, UsageError } from './errors.ts';
import { POLICIES } from './policies/index.ts';

const HELP = `Checks the Helm charts.

Usage: npm run charts -- <command> [chart ...]

Commands:
  test       all of it: generated files, suites and what they do not see, what code and chart say of each other, renders, alerts
  generate   writes what the charts have from code, contracts and the comments of their values
  validate   renders each chart with each of its ci/*-values.yaml and checks what comes out: against the schemas of the oldest and the
             newest Kubernetes and of the operators, against the policies, by Helm 4 and Helm 3
  policies   lists the policies and what they are for

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
  const context: CommandContext = {
    workspace: resolve(import.meta.dirname, '../../..'),
    out: (line) => void process.stdout.write(`${line}\n`),
    log: (line) => void process.stderr.write(`${line}\n`),
  };
  switch (command) {
    case 'test':
      if (!(await testCommand(charts, context))) process.exitCode = 1;
      return;
    case 'validate':
      if (!(await validateCommand(charts, context))) process.exitCode = 1;
      return;
    case 'policies':
      for (const { name, why } of POLICIES) context.out(`${name}\n  ${why}`);
      return;
    case 'generate':
      return generateCommand(context);
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
      options: { help: { type: 'boolean', short: 'h', default: false } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(textOf(error));
  }
}

// Who reads only the beginning, as `head` does, has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await run();
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nnpm run charts -- --help lists the commands.\n`);
    process.exitCode = 2;
  } else if (error instanceof ChartError || error instanceof ToolMissing) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else throw error;
}
