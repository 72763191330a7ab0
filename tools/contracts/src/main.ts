#!/usr/bin/env node
import { join } from 'node:path';
import { runCommandLine } from './cli.ts';

const root = join(import.meta.dirname, '../../..');
process.exitCode = await runCommandLine(process.argv.slice(2), root, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
