/** `npm run test:cluster`: tries gitops/ on a cluster. */
import { GitopsError } from '@eda/gitops';
import { resolve } from 'node:path';
import { ClusterError, UsageError } from './errors.ts';
import { HELP, parseOptions } from './options.ts';
import { run } from './run.ts';

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(HELP);
  else
    process.exitCode = await run(resolve(import.meta.dirname, '../../..'), options, (line) =>
      process.stdout.write(`${line}\n`),
    );
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nnpm run test:cluster -- --help lists the options.\n`);
    process.exitCode = 2;
  } else if (error instanceof ClusterError || error instanceof GitopsError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else throw error;
}
