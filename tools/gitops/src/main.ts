/** `node tools/gitops/src/main.ts`: what generates, renders and checks gitops/. */
import { showsColours } from '@eda/contracts-cli/command-line';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { runCommand } from './commands/run-command.ts';

// Who reads only the beginning, as `head` does, has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runCommand(process.argv.slice(2), {
  workspace: resolve(import.meta.dirname, '../../..'),
  out: (line) => void process.stdout.write(`${line}\n`),
  log: (line) => void process.stderr.write(`${line}\n`),
  input: () => {
    if (process.stdin.isTTY) process.stderr.write('Type it, then Enter and Ctrl-D:\n');
    return readFileSync(0, 'utf8');
  },
  colours: showsColours(process.stdout.isTTY, process.env),
});
