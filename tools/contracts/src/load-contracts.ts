import type { TopicDefinition, TopologyApp } from '@eda/contracts';
import { posix } from 'node:path';
import { checkExample } from './check-example.ts';
import type { ContractModel, EventModel, NamedType } from './contract-model.ts';
import { crossCheck } from './cross-check.ts';
import { checkExportNames } from './emit/export-name.ts';
import { isObject } from './json.ts';
import { loadAsyncApi } from './load-asyncapi.ts';
import type { AppDocument } from './load-asyncapi.ts';
import { loadMeta } from './load-meta.ts';
import { loadSchemas } from './load-schemas.ts';
import type { LoadedSchemas } from './load-schemas.ts';
import { ContractsInvalid, didYouMean } from './problems.ts';
import type { Problem } from './problems.ts';
import { checkReferences } from './references.ts';
import { folderTree } from './read/file-tree.ts';
import type { FileTree } from './read/file-tree.ts';
import { listFolder } from './read/list-files.ts';
import { Sources } from './read/sources.ts';
import { RULES } from './rules.ts';

/** Where the AsyncAPI document of an app stands. */
export const DOCUMENT = /^apps\/[^/]+\/asyncapi\.yaml$/;
const MAX_BYTES = 'max.message.bytes';
/** Kafka's own. */
const DEFAULT_MAX_BYTES = 1_048_588;
/** More than the longest reason with its stack takes. */
const ROOM_FOR_HEADERS = 65_536;

/** The contracts of a repository as far as they could be read, with everything that is wrong with them. */
export interface Inspection {
  /** Nothing that keeps contracts from being used is among them when there is a model. */
  readonly problems: readonly Problem[];
  readonly model?: ContractModel;
  /** The AsyncAPI documents that could be read. */
  readonly apps: readonly AppDocument[];
}

/**
 * Reads `schemas/` and `apps/<app>/asyncapi.yaml` under `root` and returns them as one consistent model.
 * Throws `ContractsInvalid` with every problem found.
 */
export function loadContracts(root: string): ContractModel {
  return loadFrom(new Sources(folderTree(root)));
}

/** The same from `sources`, which then hold every file that was read. */
export function loadFrom(sources: Sources): ContractModel {
  const { model, problems } = inspectContracts(sources);
  if (model) return model;
  throw new ContractsInvalid(sources.findings(problems).filter(({ severity }) => severity === 'error'));
}

/** Reads the same as `loadContracts`, and returns what it finds instead of throwing. */
export function inspectContracts(sources: Sources): Inspection {
  const problems: Problem[] = [];
  const files = listContracts(sources.tree, problems);
  const schemaFiles = files.filter((file) => file.endsWith('.avsc'));
  const documents = files.filter((file) => DOCUMENT.test(file));
  const organisation = readOrganisation(sources, files, problems);
  // Every namespace would be wrong without it.
  const schemas =
    organisation === undefined
      ? { types: [], compiled: new Map<string, never>(), references: [] }
      : loadSchemas(sources, files, organisation, problems);
  const { types } = schemas;
  const events = loadEvents(sources, files, schemas, problems);
  const apps = loadAsyncApi(sources, documents, schemaFiles, problems);
  checkReferences(sources, documents, files, problems);
  checkExportNames(types, problems);
  // What is compared with what must itself be right, or one mistake is told many times.
  if (!hasErrors(problems)) crossCheck(events, apps, problems);
  return {
    problems,
    apps,
    ...(organisation !== undefined &&
      !hasErrors(problems) && { model: toModel(organisation, types, events, apps) }),
  };
}

/** Lists the files that are contracts. A link among them is a problem: it is not followed. */
export function listContracts(tree: FileTree, problems: Problem[]): string[] {
  const schemas = listFolder(tree, 'schemas');
  const links = [...schemas.links];
  const documents: string[] = [];
  for (const { name, kind } of tree.entries('apps')) {
    const app = `apps/${name}`;
    if (kind === 'link') links.push(app);
    if (kind !== 'folder') continue;
    const document = tree.entries(app).find((entry) => entry.name === 'asyncapi.yaml');
    if (document) (document.kind === 'link' ? links : documents).push(`${app}/${document.name}`);
  }
  for (const file of links)
    problems.push({
      code: 'C032',
      file,
      field: '',
      what: 'is a symbolic link, which is not followed',
      why: 'A link may lead out of the repository or round in a circle, and some checkouts hold a text in its place.',
      fix: 'Put the file itself here, or refer to the type by its name.',
    });
  return [...schemas.files, ...documents.sort()];
}

function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ code }) => RULES[code].severity === 'error');
}

function toModel(
  organisation: string,
  types: ContractModel['types'],
  events: readonly EventModel[],
  apps: readonly AppDocument[],
): ContractModel {
  const maxBytes = new Map(
    events.map(({ meta }) => [meta.topic, Number(meta.config[MAX_BYTES] ?? DEFAULT_MAX_BYTES)]),
  );
  const roomy = (topic: TopicDefinition): TopicDefinition => withRoomForHeaders(topic, maxBytes);
  const failed = [...retryTopics(apps), ...deadLetterTopics(apps)].map(roomy);
  const topics = [...events.map(eventTopic), ...failed].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    organisation,
    types,
    events,
    topics,
    schemas: events.map(({ subject, record, schema, meta }) => ({
      subject,
      type: record.fullName,
      schema,
      compatibility: meta.compatibility,
    })),
    topology: { apps: apps.map(topologyApp).sort((a, b) => (a.name < b.name ? -1 : 1)), topics },
  };
}

function readOrganisation(
  sources: Sources,
  files: readonly string[],
  problems: Problem[],
): string | undefined {
  const file = 'schemas/contracts.config.yaml';
  const source = files.includes(file) ? sources.yaml(file, problems) : undefined;
  const organisation = isObject(source?.content) ? source.content['organisation'] : undefined;
  if (typeof organisation === 'string' && /^[a-z][a-z0-9_.]*$/.test(organisation)) return organisation;
  problems.push({
    code: 'C034',
    file,
    field: 'organisation',
    what: 'is missing, or no name in small letters',
    why: 'It is the first part of every Avro namespace.',
    fix: 'Write for example "organisation: eda".',
  });
  return undefined;
}

function loadEvents(
  sources: Sources,
  allFiles: readonly string[],
  { types, compiled, references }: LoadedSchemas,
  problems: Problem[],
): EventModel[] {
  // Metadata is checked in any case, but a schema with problems cannot be used.
  const usable = problems.length === 0;
  const byMetaFile = recordsByMetaFile(types);
  const known = new Set(allFiles);
  const metaFiles = allFiles.filter((file) => file.endsWith('.meta.yaml'));
  for (const file of metaFiles) if (!known.has(schemaBeside(file))) reportNoSchema(file, allFiles, problems);
  const events: EventModel[] = [];
  for (const file of metaFiles.toSorted()) {
    const record = byMetaFile.get(file);
    if (!record) continue;
    if (record.definition['type'] !== 'record') {
      problems.push({
        code: 'C033',
        file,
        field: '',
        what: `${record.name} is no record`,
        why: 'Only a record can grow with new fields, so only records are events.',
        fix: 'Make it a record, or remove this file.',
      });
      continue;
    }
    const meta = loadMeta(sources, file, record, types, problems);
    const schema = compiled.get(record.fullName);
    if (!meta || !usable || !schema) continue;
    const { json, type } = schema;
    checkExample(type, json, { record, meta }, problems);
    events.push({
      record,
      meta,
      subject: `${meta.topic}-value`,
      schema: JSON.stringify(json),
      fingerprint: type.fingerprint('sha256').toString('hex'),
    });
  }
  if (!hasErrors(problems))
    checkUseOfTypes(types, references, new Set(events.map(({ record }) => record.file)), problems);
  return events;
}

/** Returns the types that may be events, each by the file that its metadata has then. */
export function recordsByMetaFile(types: readonly NamedType[]): ReadonlyMap<string, NamedType> {
  return new Map(
    types
      .filter(({ file, name }) => posix.basename(file) === `${name}.avsc`)
      .map((type) => [type.file.replace(/\.avsc$/, '.meta.yaml'), type]),
  );
}

function schemaBeside(metaFile: string): string {
  return metaFile.replace(/\.meta\.yaml$/, '.avsc');
}

function reportNoSchema(file: string, files: readonly string[], problems: Problem[]): void {
  const schema = schemaBeside(file);
  const folder = posix.dirname(file);
  const schemas = files.filter((other) => posix.dirname(other) === folder && other.endsWith('.avsc'));
  problems.push({
    code: 'C033',
    file,
    field: '',
    what: `there is no schema ${posix.basename(schema)} beside it`,
    why: 'Metadata and schema of an event find each other by their names.',
    fix: didYouMean(
      posix.basename(schema),
      schemas.map((other) => posix.basename(other)),
    ),
  });
}

/** A schema file is an event or is used by one; anything else is a forgotten `.meta.yaml`. */
function checkUseOfTypes(
  types: ContractModel['types'],
  references: LoadedSchemas['references'],
  eventFiles: ReadonlySet<string>,
  problems: Problem[],
): void {
  const fileOf = new Map(types.map(({ fullName, file }) => [fullName, file]));
  const used = new Set(
    references.filter(({ to, place }) => fileOf.get(to) !== place.file).map(({ to }) => fileOf.get(to)),
  );
  for (const file of new Set(fileOf.values())) {
    if (eventFiles.has(file) || used.has(file)) continue;
    problems.push({
      code: 'C007',
      file,
      field: '',
      what: 'is used by no event',
      why: 'An event needs metadata, and any other type is there to be used.',
      fix: `If it is an event itself, add ${file.replace(/\.avsc$/, '.meta.yaml')}.`,
    });
  }
}

function eventTopic({ record, meta, subject }: EventModel): TopicDefinition {
  const { topic, owner, partitions, config, description, key } = meta;
  return {
    name: topic,
    kind: meta.class,
    owner,
    partitions,
    config,
    description,
    subject,
    type: record.fullName,
    key,
  };
}

/** A record that fits into its topic fits into the one for what could not be handled, together with the headers that say why. */
function withRoomForHeaders(topic: TopicDefinition, maxBytes: ReadonlyMap<string, number>): TopicDefinition {
  const source = (topic.retryOf ?? topic.deadLetterOf)?.topic ?? '';
  const room = (maxBytes.get(source) ?? DEFAULT_MAX_BYTES) + ROOM_FOR_HEADERS;
  return { ...topic, config: { [MAX_BYTES]: String(room), ...topic.config } };
}

function retryTopics(apps: readonly AppDocument[]): TopicDefinition[] {
  return apps.flatMap(({ name, operations }) =>
    operations
      .filter(({ purpose }) => purpose === 'retry')
      .map(({ channel: { address, partitions = 1, config, description } }) => {
        const [topic = '', level = ''] = address.split(`.${name}.retry.`);
        return {
          name: address,
          kind: 'retry' as const,
          owner: name,
          partitions,
          config,
          description,
          retryOf: { topic, group: name, level: Number(level) },
        };
      }),
  );
}

function deadLetterTopics(apps: readonly AppDocument[]): TopicDefinition[] {
  return apps.flatMap(({ name, operations }) =>
    operations
      .filter(({ purpose }) => purpose === 'dead-letter')
      .map(({ channel: { address, partitions = 1, config, description } }) => ({
        name: address,
        kind: 'dead-letter' as const,
        owner: name,
        partitions,
        config,
        description,
        deadLetterOf: { topic: address.slice(0, -`.${name}.dlq`.length), group: name },
      })),
  );
}

function topologyApp({ name, title, role, description, calls, operations }: AppDocument): TopologyApp {
  return {
    name,
    title,
    role,
    description,
    calls,
    operations: operations.map(({ name: operation, action, purpose, channel, summary, group }) => ({
      name: operation,
      action,
      purpose,
      topic: channel.address,
      summary,
      ...(purpose === 'consume' &&
        group !== undefined && { group, deadLetterTopic: `${channel.address}.${group}.dlq` }),
    })),
  };
}
