/** One app of a generated repository: its AsyncAPI document and the code that does what it says. */
import { stringify } from 'yaml';
import type { Json } from './event-fields.ts';
import { type GeneratedEvent, kebab } from './generated-event.ts';

export interface GeneratedApp {
  readonly name: string;
  readonly sends: readonly GeneratedEvent[];
  readonly receives: readonly GeneratedEvent[];
}

type Entries = Readonly<Record<string, Json>>;

const KAFKA = { bindingVersion: '0.5.0' };
const COMMON = '../../schemas/asyncapi/common.yaml#';

/** Returns `apps/<name>/asyncapi.yaml`. */
export function asyncApiOf({ name, sends, receives }: GeneratedApp): string {
  return stringify(
    {
      asyncapi: '3.1.0',
      id: `urn:eda:${name}`,
      info: {
        title: name,
        version: '1.0.0',
        description: `Sends ${sends.length} events and receives ${receives.length}.`,
        license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
        tags: [
          { name: `owner:${name}`, description: 'The app answers for the channels that are defined here' },
        ],
        'x-role': 'processor',
      },
      defaultContentType: 'application/avro',
      servers: { local: { $ref: `${COMMON}/servers/local` } },
      channels: {
        ...entries(sends, (event) => [event.exportName, ownChannel(event)]),
        ...entries(receives, (event) => [
          event.exportName,
          { $ref: `../${event.owner}/asyncapi.yaml#/channels/${event.exportName}` },
        ]),
        ...entries(receives, (event) => [deadLetter(event), deadLetterChannel(event, name)]),
      },
      operations: {
        ...entries(sends, (event) => [`publish${event.name}`, operation('send', event.exportName)]),
        ...entries(receives, (event) => [`consume${event.name}`, consumeOperation(event, name)]),
        ...entries(receives, (event) => [
          `setAside${event.name}`,
          { ...operation('send', deadLetter(event)), 'x-purpose': 'dead-letter' },
        ]),
      },
      components: {
        messages: {
          ...entries(sends, (event) => [event.exportName, message(event)]),
          ...entries(receives, (event) => [deadLetter(event), DEAD_LETTER]),
        },
      },
    },
    { aliasDuplicateObjects: false, lineWidth: 120 },
  );
}

/** Returns the files of the app's code, by their path under its folder. */
export function codeOf({ name, sends, receives }: GeneratedApp): Readonly<Record<string, string>> {
  const handlers = receives.map(
    (event) => [`src/handlers/${kebab(event.name)}.handler.ts`, handler(event)] as const,
  );
  const publishers = sends.map((event) => [`src/publish/${kebab(event.name)}.ts`, publisher(event)] as const);
  return {
    ...Object.fromEntries([...handlers, ...publishers]),
    'src/app.ts': appCode(name, sends, receives),
  };
}

function entries(
  events: readonly GeneratedEvent[],
  entry: (event: GeneratedEvent) => [string, Json],
): Entries {
  return Object.fromEntries(events.map(entry));
}

function deadLetter({ exportName }: GeneratedEvent): string {
  return `${exportName}DeadLetter`;
}

function ownChannel({ name, topic, exportName, partitions }: GeneratedEvent): Json {
  return {
    address: topic,
    title: name,
    description: `Every ${kebab(name).replaceAll('-', ' ')} there was.`,
    messages: { [exportName]: { $ref: `#/components/messages/${exportName}` } },
    bindings: { kafka: { partitions, ...KAFKA } },
  };
}

function deadLetterChannel(event: GeneratedEvent, app: string): Json {
  const name = deadLetter(event);
  return {
    address: `${event.topic}.${app}.dlq`,
    title: `${event.name} that ${app} could not handle`,
    description: `Dead letters of the group ${app}, kept for 14 days.`,
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
    bindings: {
      kafka: {
        partitions: 1,
        topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': 1_209_600_000 },
        ...KAFKA,
      },
    },
  };
}

function operation(action: 'send' | 'receive', channel: string) {
  return {
    action,
    summary: `Does a ${action} on ${channel}, once for each time it happens.`,
    channel: { $ref: `#/channels/${channel}` },
    messages: [{ $ref: `#/channels/${channel}/messages/${channel}` }],
  };
}

function consumeOperation({ exportName }: GeneratedEvent, app: string): Json {
  const groupId = { type: 'string', const: app };
  return { ...operation('receive', exportName), bindings: { kafka: { groupId, ...KAFKA } } };
}

function message({ name, file, key }: GeneratedEvent): Json {
  return {
    name,
    title: name,
    summary: `A ${kebab(name).replaceAll('-', ' ')}.`,
    traits: [{ $ref: `${COMMON}/messageTraits/cloudEvent` }],
    payload: {
      schemaFormat: 'application/vnd.apache.avro;version=1.9.0',
      schema: { $ref: `../../${file}` },
    },
    bindings: {
      kafka: {
        key: { type: 'string', description: `What it is about (${key}).` },
        schemaIdLocation: 'payload',
        schemaIdPayloadEncoding: '4',
        schemaLookupStrategy: 'TopicNameStrategy',
        ...KAFKA,
      },
    },
  };
}

const DEAD_LETTER: Json = {
  name: 'DeadLetter',
  title: 'Record that could not be handled',
  summary: 'Key, value and headers exactly as they came, with headers that say why the record was set aside.',
  contentType: 'application/octet-stream',
  headers: { $ref: `${COMMON}/schemas/deadLetterHeaders` },
};

function appCode(
  name: string,
  sends: readonly GeneratedEvent[],
  receives: readonly GeneratedEvent[],
): string {
  const names = [...sends, ...receives].map(({ exportName }) => exportName).sort();
  return `/** ${name} put together: what it receives and what becomes of it. */
import {
  createCodec,
  createSchemaCatalog,
${names.map((event) => `  ${event},\n`).join('')}} from '@eda/contracts';
import { createConsumer, createOutbox, subscribe } from '@eda/kafka';
${receives.map((event) => `import { handle${event.name} } from './handlers/${kebab(event.name)}.handler.ts';\n`).join('')}import type { Config } from './config.ts';

export async function start(config: Config) {
  const catalog = await createSchemaCatalog({
    registryUrl: config.registryUrl,
    contracts: [
${names.map((event) => `      ${event},\n`).join('')}    ],
  });
  const codec = createCodec(catalog);
  const outbox = createOutbox({ codec, source: '/eda/${name}' });
  return createConsumer({
    ...config,
    codec,
    groupId: '${name}',
    subscriptions: [
${receives.map((event) => `      subscribe(${event.exportName}, handle${event.name}(outbox)),\n`).join('')}    ],
  });
}
`;
}

function handler({ name, key }: GeneratedEvent): string {
  return `/** What becomes of a ${kebab(name).replaceAll('-', ' ')}: it is kept, and told of once. */
import type { ${name} } from '@eda/contracts';
import type { Handler, Outbox } from '@eda/kafka';
import { findEntry, keepEntry } from '../entries.ts';

export class ${name}Refused extends Error {
  override readonly name = '${name}Refused';
  readonly verdict = 'business';
}

export function handle${name}(outbox: Outbox): Handler<${name}> {
  return async (record, { tx, logger }) => {
    const { ${key}, status, lines } = record.data;
    const known = await findEntry(tx, ${key});
    if (known !== undefined && known.time >= record.time) return;
    if (lines.some(({ quantity }) => quantity <= 0)) throw new ${name}Refused(\`\${${key}} has an empty line\`);
    await keepEntry(tx, { id: ${key}, status, time: record.time, from: '${kebab(name)}' });
    await outbox.wake();
    logger.debug({ id: ${key}, status }, '${kebab(name)} handled');
  };
}
`;
}

function publisher({ name, exportName, key }: GeneratedEvent): string {
  return `/** Tells of a ${kebab(name).replaceAll('-', ' ')}, in the transaction that made it true. */
import { ${exportName}, type ${name}Input } from '@eda/contracts';
import type { Outbox, Transaction } from '@eda/kafka';

export async function publish${name}(outbox: Outbox, tx: Transaction, data: ${name}Input): Promise<void> {
  if (data.${key} === '') throw new RangeError('${key} is empty');
  await outbox.append(tx, ${exportName}, data, { subject: data.${key} });
}
`;
}
