/** `npm run catalog`: the event catalogue as a site of pages. */
import { join } from 'node:path';
import { ContractsInvalid } from '@eda/contracts-cli';
import { BadDocument } from './bad-document.ts';
import { buildCatalog } from './build-catalog.ts';
import { HELP, parseOptions, UsageError } from './options.ts';

const ROOT = join(import.meta.dirname, '../../..');

function run(): void {
  const { help, out, ...options } = parseOptions(process.argv.slice(2), process.env, ROOT);
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  const count = buildCatalog(ROOT, out, options);
  process.stdout.write(`${count} files. Open ${join(out, 'index.html')}\n`);
}

try {
  run();
} catch (error) {
  if (error instanceof ContractsInvalid || error instanceof BadDocument) {
    process.stderr.write(`${error.message}\nThe contracts are wrong; nothing was written\n`);
    process.exitCode = 1;
  } else if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nnpm run catalog -- --help lists the options.\n`);
    process.exitCode = 2;
  } else if ((error as NodeJS.ErrnoException).syscall !== undefined || error instanceof RangeError) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 2;
  } else throw error;
}
