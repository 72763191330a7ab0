/** `npm run cluster`: a kind cluster with a Git server in it, for `npm run test:cluster`. */
import { ChartError } from '@eda/charts';
import { GitopsError } from '@eda/gitops';
import { resolve } from 'node:path';
import { ClusterError, UsageError } from '../errors.ts';
import { commands } from './commands.ts';
import { HELP, parseKindOptions } from './options.ts';

try {
  const { command, ...options } = parseKindOptions(process.argv.slice(2));
  if (command === undefined) process.stdout.write(HELP);
  else
    await commands[command]({
      ...options,
      workspace: resolve(import.meta.dirname, '../../../..'),
      folder: process.cwd(),
      out: (line) => void process.stdout.write(`${line}\n`),
    });
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nnpm run cluster -- --help tells more.\n`);
    process.exitCode = 2;
  } else if (error instanceof ClusterError || error instanceof ChartError || error instanceof GitopsError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else throw error;
}
