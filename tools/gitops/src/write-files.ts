import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CommandContext } from './commands/context.ts';

/** Writes files, by their paths below the repository's folder, and tells which changed. */
export function writeFiles(
  files: readonly (readonly [file: string, content: string])[],
  { workspace, out }: CommandContext,
): void {
  for (const [file, content] of files) {
    const path = join(workspace, file);
    if (existsSync(path) && readFileSync(path, 'utf8') === content) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    out(`${file} written`);
  }
}
