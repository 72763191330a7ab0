import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { emitTopicValues, emitUserValues } from './emit/kafka-values.ts';
import { emitNamespaceModule } from './emit/namespace-module.ts';
import { emitIndex, emitSchemas, emitTopics, emitTopology } from './emit/tables.ts';
import { loadContracts } from './load-contracts.ts';

/** Where the generated modules stand, from the root of the repository; nothing else stands there. */
export const GENERATED = 'libs/contracts/src/generated';

/** What was, or with `check` would be, changed; paths from the root of the repository. */
export interface GenerateResult {
  readonly files: readonly string[];
  /** Files that were missing, different, or left over. */
  readonly changed: readonly string[];
}

/**
 * Generates everything that follows from the contracts under `root`: their TypeScript, and the values of the charts for topics and
 * users. Writes nothing with `check`, and nothing when the contracts are wrong: then throws `ContractsInvalid`.
 */
export function generate(root: string, { check = false } = {}): GenerateResult {
  const wanted = emitAll(root);
  const contentOf = (file: string) =>
    existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined;
  const outdated = [...wanted].filter(([file, content]) => contentOf(file) !== content);
  const present = existsSync(join(root, GENERATED)) ? readdirSync(join(root, GENERATED)) : [];
  const leftOver = present.map((file) => `${GENERATED}/${file}`).filter((file) => !wanted.has(file));
  if (!check) {
    for (const [file, content] of outdated) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), content);
    }
    for (const file of leftOver) rmSync(join(root, file), { recursive: true });
  }
  return {
    files: [...wanted.keys()],
    changed: [...outdated.map(([file]) => file), ...leftOver].sort(),
  };
}

/** Every generated file with its content, by its path from the root of the repository. */
function emitAll(root: string): Map<string, string> {
  const model = loadContracts(root);
  const namespaces = [...new Set(model.types.map(({ namespace }) => namespace))].sort();
  return new Map([
    ...namespaces.map(
      (namespace) =>
        [`${GENERATED}/${namespace}.ts`, emitNamespaceModule(namespace, model.types, model.events)] as const,
    ),
    [`${GENERATED}/index.ts`, emitIndex(model)],
    [`${GENERATED}/schemas.ts`, emitSchemas(model)],
    [`${GENERATED}/topics.ts`, emitTopics(model)],
    [`${GENERATED}/topology.ts`, emitTopology(model)],
    ['charts/kafka-topics/values.generated.yaml', emitTopicValues(model.topics)],
    ['charts/kafka-users/values.generated.yaml', emitUserValues(model.topology)],
  ]);
}
