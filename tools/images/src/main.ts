/** `npm run image-tree`: what an image holds, as a folder. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ImageError, UsageError } from './errors.ts';
import { assembleImageTree } from './image-tree.ts';
import { HELP, parseOptions } from './options.ts';
import { imagesOf } from './programs.ts';
import { describeSize, overBudget, treeSize } from './tree-size.ts';

const ROOT = join(import.meta.dirname, '../../..');

function run(): void {
  const command = parseOptions(process.argv.slice(2), process.env, { root: ROOT, images: imagesOf(ROOT) });
  if (command === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const epoch = command.epoch ?? timeOfCommit();
  assembleImageTree(ROOT, { ...command, ...(epoch === undefined ? {} : { epoch }) });
  const size = treeSize(command.out);
  process.stdout.write(`${command.out}\n${describeSize(command.image, size)}`);
  const tooLarge = overBudget(command.image, size);
  if (tooLarge !== undefined) throw new ImageError(tooLarge);
}

/** So that two runs on one commit write the same. */
function timeOfCommit(): number | undefined {
  try {
    const seconds = execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: ROOT, stdio: 'pipe' });
    return Number(seconds.toString());
  } catch {
    return undefined;
  }
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
