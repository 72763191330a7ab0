/** `node tools/gitops/src/main.ts`: what generates, renders and checks gitops/. */
import { showsColours } from '@eda/contracts-cli/command-line';
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
  colours: showsColours(process.stdout.isTTY, process.env),
});
