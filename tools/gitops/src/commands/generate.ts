/** `generate`: writes what gitops/ has from elsewhere. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from '../generated-files.ts';
import type { CommandContext } from './context.ts';
import { readArguments } from './read-arguments.ts';

const HELP = `Writes what gitops/ and its pages have from elsewhere, and tells which files changed.

Usage: npm run gitops -- generate
`;

/** Writes the generated files of gitops/ and tells which changed. */
export function generateCommand(args: readonly string[], { workspace, out }: CommandContext): number {
  if (readArguments(args, {}).values.help) {
    out(HELP.trimEnd());
    return 0;
  }
  for (const [file, content] of generatedFiles(workspace)) {
    const path = join(workspace, file);
    if (existsSync(path) && readFileSync(path, 'utf8') === content) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    out(`${file} written`);
  }
  return 0;
}
