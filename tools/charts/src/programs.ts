/** The programs that charts are checked with. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ChartError } from './errors.ts';

export type ProgramName = 'helm' | 'helm3' | 'kubeconform';

/** Returns where a program stands in the PATH. Throws a `ChartError` when it stands nowhere. */
export function findProgram(name: ProgramName, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return Promise.resolve(file);
    } catch {
      // The next folder may have it.
    }
  }
  return Promise.reject(new ChartError(`The program "${name}" is missing: it stands nowhere in the PATH.`));
}
