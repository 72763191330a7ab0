import { avroType } from '@eda/contracts/avro';
import type { TopicDefinition, TopologyApp } from '@eda/contracts';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkExample } from './check-example.ts';
import type { ContractModel, EventModel } from './contract-model.ts';
import { crossCheck } from './cross-check.ts';
import { loadAsyncApi } from './load-asyncapi.ts';
import type { AppDocument } from './load-asyncapi.ts';
import { loadMeta } from './load-meta.ts';
import { inlineSchema, loadSchemas } from './load-schemas.ts';
import { ContractsInvalid } from './problems.ts';
import type { Problem } from './problems.ts';
import { isObject, listFiles, readYaml } from './read-files.ts';

const MAX_BYTES = 'max.message.bytes';
/** Kafka's own. */
const DEFAULT_MAX_BYTES = 1_048_588;
/** More than the longest reason with its stack takes. */
const ROOM_FOR_HEADERS = 65_536;

/**
 * Reads `schemas/` and `apps/<app>/asyncapi.yaml` under `root` and returns them as one consistent model.
 * Throws `ContractsInvalid` with every problem found.
 */
export function loadContracts(root: string): ContractModel {
  const problems: Problem[] = [];
  const types = loadSchemas(root, readOrganisation(root, problems), problems);
  const events = loadEvents(root, types, problems);
  const apps = loadAsyncApi(root, listFiles(root, 'apps', /^apps\/[^/]+\/asyncapi\.yaml$/), problems);
  // What is compared with what must itself be right, or one mistake is told many times.
  if (problems.length === 0) crossCheck(events, apps, problems);
  if (problems.length > 0) throw new ContractsInvalid(problems);

  const maxBytes = new Map(
    events.map(({ meta }) => [meta.topic, Number(meta.config[MAX_BYTES] ?? DEFAULT_MAX_BYTES)]),
  );
  const roomy = (topic: TopicDefinition): TopicDefinition => withRoomForHeaders(topic, maxBytes);
  const failed = [...retryTopics(apps), ...deadLetterTopics(apps)].map(roomy);
  const topics = [...events.map(eventTopic), ...failed].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
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

function readOrganisation(root: string, problems: Problem[]): string {
  const file = 'schemas/contracts.config.yaml';
  const content = existsSync(join(root, file)) ? readYaml(root, file, problems)?.content : undefined;
  const organisation = isObject(content) ? content['organisation'] : undefined;
  if (typeof organisation === 'string' && /^[a-z][a-z0-9_.]*$/.test(organisation)) return organisation;
  problems.push({
    file,
    field: 'organisation',
    message: 'is missing; it is the first part of every Avro namespace',
  });
  throw new ContractsInvalid(problems);
}

function loadEvents(root: string, types: ContractModel['types'], problems: Problem[]): EventModel[] {
  // Metadata is checked in any case, but a schema with problems cannot be used.
  const usable = problems.length === 0;
  const files = new Map(types.map((type) => [type.file.replace(/\.avsc$/, '.meta.yaml'), type.file]));
  const metaFiles = listFiles(root, 'schemas', /\.meta\.yaml$/);
  for (const file of metaFiles) {
    if (!existsSync(join(root, file.replace(/\.meta\.yaml$/, '.avsc')))) {
      problems.push({ file, field: '', message: 'there is no schema of this name beside it' });
    }
  }
  const withMeta = new Set(metaFiles);
  const events: EventModel[] = [];
  for (const [file, schemaFile] of [...files].sort()) {
    const record = types.find((type) => type.file === schemaFile && file.endsWith(`/${type.name}.meta.yaml`));
    if (!record || !withMeta.has(file)) continue;
    if (record.definition['type'] !== 'record') {
      problems.push({ file, field: '', message: `${record.name} is no record; only records are events` });
      continue;
    }
    const meta = loadMeta(root, file, record, problems);
    if (!meta || !usable) continue;
    const json = inlineSchema(record.fullName, types);
    const type = avroType(json);
    problems.push(
      ...checkExample(type, json, meta.example).map((message) => ({ file, field: 'example', message })),
    );
    events.push({
      record,
      meta,
      subject: `${meta.topic}-value`,
      schema: JSON.stringify(json),
      fingerprint: type.fingerprint('sha256').toString('hex'),
    });
  }
  checkUseOfTypes(types, new Set(events.map(({ record }) => record.file)), problems);
  return events;
}

/** A schema file is an event or is used by one; anything else is a forgotten `.meta.yaml`. */
function checkUseOfTypes(
  types: ContractModel['types'],
  eventFiles: ReadonlySet<string>,
  problems: Problem[],
): void {
  if (problems.length > 0) return;
  for (const file of new Set(types.map((type) => type.file))) {
    const names = types.filter((type) => type.file === file).map((type) => type.fullName);
    const used = types.some(
      (type) =>
        type.file !== file && names.some((name) => JSON.stringify(type.definition).includes(`"${name}"`)),
    );
    if (!eventFiles.has(file) && !used) {
      const meta = file.replace(/\.avsc$/, '.meta.yaml');
      problems.push({
        file,
        field: '',
        message: `is used by no event; if it is an event itself, ${meta} is missing`,
      });
    }
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
