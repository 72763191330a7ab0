import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import type { ContractModel } from './contract-model.ts';
import { describeEvents } from './describe/describe-events.ts';
import { emitComponent, emitSystem } from './emit/backstage.ts';
import { emitBundle } from './emit/bundle.ts';
import { emitTopicValues, emitUserValues } from './emit/kafka-values.ts';
import { messageExample } from './emit/message-example.ts';
import { emitNamespaceModule } from './emit/namespace-module.ts';
import { emitRegistration } from './emit/registration-values.ts';
import { emitIndex, emitSchemas, emitTopics, emitTopology } from './emit/tables.ts';
import { emitReferencePages, REFERENCE } from './emit/reference-pages.ts';
import { inlineSchema } from './inline-schema.ts';
import { loadFrom } from './load-contracts.ts';
import type { Problem } from './problems.ts';
import { folderTree } from './read/file-tree.ts';
import { Sources } from './read/sources.ts';

/** Where the generated modules stand, from the root of the repository; nothing else stands there. */
export const GENERATED = 'libs/contracts/src/generated';

/** What was, or with `check` would be, changed; paths from the root of the repository. */
export interface GenerateResult {
  readonly files: readonly string[];
  /** Files that were missing, different, or left over. */
  readonly changed: readonly string[];
}

/**
 * Generates everything that follows from the contracts under `root`: their TypeScript, the values of the charts for topics and
 * users and for the Job that publishes schemas, the reference of the events, and what other tools read of the apps. Writes nothing with `check`, and nothing when the contracts are wrong: then throws `ContractsInvalid`.
 */
export function generate(root: string, { check = false } = {}): GenerateResult {
  const files = new Set<string>();
  // Of what is as it should be, nothing is kept: 20 MB for 1,000 events.
  const outdated: [file: string, content: string][] = [];
  for (const [file, content] of emitAll(root)) {
    files.add(file);
    if (contentOf(join(root, file)) !== content) outdated.push([file, content]);
  }
  const leftOver = [GENERATED, REFERENCE].flatMap((folder) =>
    (existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [])
      .map((file) => `${folder}/${file}`)
      .filter((file) => !files.has(file)),
  );
  if (!check) {
    for (const [file, content] of outdated) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), content);
    }
    for (const file of leftOver) rmSync(join(root, file), { recursive: true });
  }
  return {
    files: [...files],
    changed: [...outdated.map(([file]) => file), ...leftOver].sort(),
  };
}

function contentOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

type Generated = Generator<readonly [file: string, content: string]>;

/** Every generated file with its content, by its path from the root of the repository. */
function* emitAll(root: string): Generated {
  const sources = new Sources(folderTree(root));
  const model = loadFrom(sources);
  yield* emitModules(model);
  yield ['charts/kafka-topics/values.generated.yaml', emitTopicValues(model.topics)];
  yield ['charts/kafka-users/values.generated.yaml', emitUserValues(model.topology)];
  yield ['charts/schema-registration/schemas.generated.yaml', emitRegistration(model.events)];
  yield* emitReferencePages(describeEvents(model));
  yield* emitDocuments(sources, model);
}

function* emitModules(model: ContractModel): Generated {
  const namespaces = [...new Set(model.types.map(({ namespace }) => namespace))].sort();
  for (const namespace of namespaces)
    yield [`${GENERATED}/${namespace}.ts`, emitNamespaceModule(namespace, model.types, model.events)];
  yield [`${GENERATED}/index.ts`, emitIndex(model)];
  yield [`${GENERATED}/schemas.ts`, emitSchemas(model)];
  yield [`${GENERATED}/topics.ts`, emitTopics(model)];
  yield [`${GENERATED}/topology.ts`, emitTopology(model)];
}

/** What other tools read of the apps. */
function* emitDocuments(sources: Sources, model: ContractModel): Generated {
  const { apps } = model.topology;
  const has = (app: string, file: string) =>
    sources.tree.entries(`apps/${app}`).some(({ name }) => name === file);
  const withRest = new Set(apps.map(({ name }) => name).filter((app) => has(app, 'openapi.json')));
  const unread: Problem[] = [];
  const document = (file: string) => sources.content(file) ?? sources.yaml(file, unread)?.content;
  const types = new Map(model.types.map((type) => [type.fullName, type]));
  const namesByFile = new Map(
    model.types
      .filter(({ file, name }) => posix.basename(file) === `${name}.avsc`)
      .map(({ file, fullName }) => [file, fullName]),
  );
  const schema = (file: string) => {
    const name = namesByFile.get(file);
    return name === undefined ? undefined : inlineSchema(name, types);
  };
  const examples = new Map(model.events.map((event) => [event.record.file, messageExample(event, model)]));
  yield ['catalog-info.yaml', emitSystem(model)];
  for (const app of apps) {
    yield [`apps/${app.name}/catalog-info.yaml`, emitComponent(app, model, withRest)];
    const bundle = emitBundle(`apps/${app.name}/asyncapi.yaml`, { document, schema, examples });
    yield [`apps/${app.name}/asyncapi.bundle.json`, bundle];
  }
}
