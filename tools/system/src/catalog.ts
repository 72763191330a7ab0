/** The event catalogue, which the console shows. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { textOf, type OnProgress } from '@eda/platform';

const MAIN = join(import.meta.dirname, '../../catalog/src/main.ts');

/** Makes the catalogue in `folder`. Never rejects: the system runs without one, and the console says how to make it. */
export async function makeCatalog(folder: string, onProgress: OnProgress): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [MAIN, '--out', folder]);
  } catch (error) {
    onProgress({ kind: 'note', text: `The event catalogue could not be made: ${textOf(error)}` });
  }
}
