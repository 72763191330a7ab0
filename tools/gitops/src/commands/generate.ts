/** `generate`: writes what gitops/ has from elsewhere. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from '../generated-files.ts';
import type { CommandContext } from './context.ts';

/** Writes the generated files of gitops/ and tells which changed. */
export function generateCommand({ workspace, out }: CommandContext): void {
  for (const [file, content] of generatedFiles(workspace)) {
    const path = join(workspace, file);
    if (existsSync(path) && readFileSync(path, 'utf8') === content) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    out(`${file} written`);
  }
}
