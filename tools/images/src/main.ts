/** `npm run image-tree`: what the image of an app holds, as a folder. */
import { join } from 'node:path';
import { ImageError, UsageError } from './errors.ts';
import { appsOf, assembleImageTree } from './image-tree.ts';
import { HELP, parseOptions } from './options.ts';
import { describeSize, overBudget, treeSize } from './tree-size.ts';

const ROOT = join(import.meta.dirname, '../../..');

function run(): void {
  const command = parseOptions(process.argv.slice(2), process.env, { root: ROOT, apps: appsOf(ROOT) });
  if (command === 'help') {
    process.stdout.write(HELP);
    return;
  }
  assembleImageTree(ROOT, command);
  const size = treeSize(command.out);
  process.stdout.write(`${command.out}\n${describeSize(command.app, size)}`);
  const tooLarge = overBudget(command.app, size);
  if (tooLarge !== undefined) throw new ImageError(tooLarge);
}

try {
  run();
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nnpm run image-tree -- --help lists the options.\n`);
    process.exitCode = 2;
  } else if (error instanceof ImageError || (error as NodeJS.ErrnoException).syscall !== undefined) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  } else throw error;
}
