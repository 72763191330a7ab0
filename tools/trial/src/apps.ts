/** The apps, as their charts know them. */
import { TOPOLOGY } from '@eda/contracts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORKSPACE } from '@eda/platform';
import { parse } from 'yaml';

/** In the order in which they are installed: who is called before who calls. */
export const SERVICES = ['store', 'inventory', 'replenishment', 'console'] as const;

export const SIMULATOR = 'store-simulator';

/** Returns the apps that keep data in PostgreSQL. */
export function appsWithDatabase(): string[] {
  return TOPOLOGY.apps.map(({ name }) => name).filter((name) => contractOf(name).database);
}

function contractOf(app: string): { readonly database: boolean } {
  const file = join(WORKSPACE, 'charts', app, 'contract.generated.yaml');
  return parse(readFileSync(file, 'utf8')) as { database: boolean };
}
