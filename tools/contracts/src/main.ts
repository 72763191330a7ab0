#!/usr/bin/env node
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const args = process.argv.slice(2);
const err = (text: string) => process.stderr.write(text);

// The one command on a stream; it needs nothing of what the others load.
if (args.length === 1 && args[0] === 'compat') {
  const { runCompat } = await import('./compat/command.ts');
  process.exitCode = await runCompat({ input: process.stdin, output: process.stdout, err });
} else {
  const { runCli } = await import('./cli.ts');
  process.exitCode = runCli(args, root, { out: (text) => process.stdout.write(text), err });
}
