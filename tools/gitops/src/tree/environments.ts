/** The environments: each one a values file of the chart gitops/root. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const FILE = /^values-([a-z][a-z0-9-]*)\.yaml$/;

/** Returns the names of all environments, by name. */
export function environmentsOf(workspace: string): string[] {
  return readdirSync(join(workspace, 'gitops/root'))
    .flatMap((file) => FILE.exec(file)?.[1] ?? [])
    .sort();
}
