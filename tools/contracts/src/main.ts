#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { endWithOutput } from './end-with-output.ts';
import { showsColours } from './shows-colours.ts';

// Of contracts, little lives long. Given room, V8 would let what does not pile up: 500 MB in place of 280 for 1,000 events, in
// the same time.
setFlagsFromString('--semi-space-growth-factor=1');
// Before anything else is loaded: it halves the time of a run.
enableCompileCache();
endWithOutput(process);
const { runCli } = await import('./cli.ts');

const root = join(import.meta.dirname, '../../..');
process.exitCode = await runCli(process.argv.slice(2), root, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  colours: showsColours(process.stdout.isTTY, process.env),
});
