import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emitNamespaceModule } from './emit/namespace-module.ts';
import { emitIndex, emitSchemas, emitTopics, emitTopology } from './emit/tables.ts';
import { loadContracts } from './load-contracts.ts';

/** Where the generated modules stand, from the root of the repository. */
export const GENERATED = 'libs/contracts/src/generated';

/** What was, or with `check` would be, changed; paths from the root of the repository. */
export interface GenerateResult {
  readonly files: readonly string[];
  /** Files that were missing, different, or left over. */
  readonly changed: readonly string[];
}

/**
 * Generates the TypeScript of all contracts under `root`. Writes nothing with `check`, and nothing when the contracts
 * are wrong: then throws `ContractsInvalid`.
 */
export function generate(root: string, { check = false } = {}): GenerateResult {
  const wanted = emitAll(root);
  const folder = join(root, GENERATED);
  mkdirSync(folder, { recursive: true });
  const present = readdirSync(folder);
  const outdated = [...wanted].filter(
    ([file, content]) => !present.includes(file) || readFileSync(join(folder, file), 'utf8') !== content,
  );
  const leftOver = present.filter((file) => !wanted.has(file));
  if (!check) {
    for (const [file, content] of outdated) writeFileSync(join(folder, file), content);
    for (const file of leftOver) rmSync(join(folder, file), { recursive: true });
  }
  const path = (file: string) => `${GENERATED}/${file}`;
  return {
    files: [...wanted.keys()].map(path),
    changed: [...outdated.map(([file]) => file), ...leftOver].sort().map(path),
  };
}

function emitAll(root: string): Map<string, string> {
  const model = loadContracts(root);
  const namespaces = [...new Set(model.types.map(({ namespace }) => namespace))].sort();
  return new Map([
    ...namespaces.map(
      (namespace) => [`${namespace}.ts`, emitNamespaceModule(namespace, model.types, model.events)] as const,
    ),
    ['index.ts', emitIndex(model)],
    ['schemas.ts', emitSchemas(model)],
    ['topics.ts', emitTopics(model)],
    ['topology.ts', emitTopology(model)],
  ]);
}
