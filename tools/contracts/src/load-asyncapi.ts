import type { TopologyApp, TopologyOperation } from '@eda/contracts';
import { posix } from 'node:path';
import type { Json } from './contract-model.ts';
import { isObject, textOf } from './json.ts';
import type { JsonObject } from './json.ts';
import { closestOf, didYouMean } from './problems.ts';
import type { Problem } from './problems.ts';
import type { Sources } from './read/sources.ts';
import type { RuleCode } from './rules.ts';

const VERSION = '3.1.0';
const SCHEMA_FORMAT = 'application/vnd.apache.avro;version=1.9.0';
const ROLES: readonly string[] = [
  'driver',
  'producer',
  'processor',
  'consumer',
  'observer',
] satisfies TopologyApp['role'][];
const PURPOSES: Readonly<Record<string, readonly string[]>> = {
  send: ['publish', 'retry', 'dead-letter', 'redrive'],
  receive: ['consume', 'observe'],
};

/** A channel as the document of its owner defines it. */
export interface Channel {
  readonly file: string;
  /** For example `channels.stockMoved`. */
  readonly field: string;
  /** The app whose document defines it. */
  readonly app: string;
  readonly address: string;
  readonly description: string;
  readonly partitions: number | undefined;
  /** Kafka topic configuration of the channel binding. */
  readonly config: Readonly<Record<string, string>>;
  /** Schema files of the messages, from the root of the repository; a message without payload adds none. */
  readonly payloads: readonly string[];
}

export interface Operation extends Omit<TopologyOperation, 'topic' | 'deadLetterTopic'> {
  readonly field: string;
  readonly channel: Channel;
}

/** What one app's AsyncAPI document says. */
export interface AppDocument {
  readonly file: string;
  readonly name: string;
  readonly title: string;
  readonly role: TopologyApp['role'];
  readonly description: string;
  readonly calls: readonly string[];
  readonly operations: readonly Operation[];
  /** Channels that are defined here, not referred to. */
  readonly ownChannels: readonly Channel[];
}

/**
 * Reads `apps/<app>/asyncapi.yaml` for each app; `schemas` are the schema files there are. Checks what the generator builds on;
 * that the documents are valid AsyncAPI is checked with the AsyncAPI parser by a test. What is wrong is added to `problems`.
 */
export function loadAsyncApi(
  sources: Sources,
  files: readonly string[],
  schemas: readonly string[],
  problems: Problem[],
): AppDocument[] {
  const documents = new Map<string, JsonObject>();
  for (const file of files) {
    const content = sources.yaml(file, problems)?.content;
    if (isObject(content)) documents.set(file, content);
    else if (content !== undefined)
      problems.push({ code: 'C026', file, field: '', what: 'expected a mapping' });
  }
  const unreadable = files.filter((file) => !documents.has(file));
  const surroundings = { documents, unreadable, schemas: new Set(schemas) };
  return [...documents.keys()].map((file) => new DocumentReader(surroundings, file, problems).read());
}

/** Returns the app that `apps/<app>/asyncapi.yaml` describes. */
function appOf(file: string): string {
  return file.split('/')[1] ?? '';
}

interface Surroundings {
  readonly documents: ReadonlyMap<string, JsonObject>;
  /** Documents that are there but tell nothing; what is wrong with them is told already. */
  readonly unreadable: readonly string[];
  readonly schemas: ReadonlySet<string>;
}

class DocumentReader {
  readonly #documents: ReadonlyMap<string, JsonObject>;
  readonly #unreadable: readonly string[];
  readonly #schemas: ReadonlySet<string>;
  readonly #file: string;
  readonly #problems: Problem[];

  constructor({ documents, unreadable, schemas }: Surroundings, file: string, problems: Problem[]) {
    this.#documents = documents;
    this.#unreadable = unreadable;
    this.#schemas = schemas;
    this.#file = file;
    this.#problems = problems;
  }

  read(): AppDocument {
    const document = this.#documents.get(this.#file) ?? {};
    if (document['asyncapi'] !== VERSION)
      this.#problem(
        'C026',
        'asyncapi',
        `is ${JSON.stringify(document['asyncapi'] ?? null)}, expected ${VERSION}`,
        { fix: `Write "asyncapi: ${VERSION}".` },
      );
    const info = isObject(document['info']) ? document['info'] : {};
    const role = info['x-role'];
    if (typeof role !== 'string' || !ROLES.includes(role)) {
      this.#problem(
        'C026',
        'info.x-role',
        `is ${JSON.stringify(role ?? null)}, expected one of ${ROLES.join(', ')}`,
        { why: 'The console draws the app by its role.', fix: didYouMean(textOf(role), ROLES) },
      );
    }
    const channels = this.#channels(document);
    const operations = this.#operations(document, channels);
    const written = isObject(document['operations']) ? Object.keys(document['operations']).length : 0;
    for (const [name, channel] of channels) {
      // One that could not be read may be that of the channel.
      if (operations.length === written && !operations.some((operation) => operation.channel === channel)) {
        this.#problem('C026', `channels.${name}`, 'has no operation', {
          why: 'Nothing is sent to it or received from it.',
          fix: 'Add the operation, or remove the channel.',
        });
      }
    }
    return {
      file: this.#file,
      name: appOf(this.#file),
      title: this.#text(info, 'info', 'title'),
      role: role as TopologyApp['role'],
      description: this.#text(info, 'info', 'description').trim(),
      calls: this.#calls(info['x-calls']),
      operations,
      ownChannels: [...channels.values()].filter(({ file }) => file === this.#file),
    };
  }

  #calls(calls: Json | undefined): readonly string[] {
    if (calls === undefined) return [];
    if (Array.isArray(calls) && calls.every((app) => typeof app === 'string')) return calls;
    this.#problem('C026', 'info.x-calls', `is ${JSON.stringify(calls)}, expected a list of apps`, {
      why: 'The console draws a line to each app in it.',
      fix: 'Write for example "x-calls: [store]".',
    });
    return [];
  }

  #channels(document: JsonObject): Map<string, Channel> {
    const channels = new Map<string, Channel>();
    for (const [name, value] of Object.entries(isObject(document['channels']) ? document['channels'] : {})) {
      const place = this.#follow(value, this.#file, `channels.${name}`);
      if (place) channels.set(name, this.#channel(place));
    }
    return channels;
  }

  #channel({ file, field, value }: Place): Channel {
    const kafka = at(value, 'bindings', 'kafka');
    const partitions = at(kafka, 'partitions');
    const topicConfiguration = at(kafka, 'topicConfiguration');
    return {
      file,
      field,
      app: appOf(file),
      address: this.#text(value, field, 'address', file),
      description: typeof value['description'] === 'string' ? value['description'].trim() : '',
      partitions: Number.isInteger(partitions) ? (partitions as number) : undefined,
      config: Object.fromEntries(
        Object.entries(isObject(topicConfiguration) ? topicConfiguration : {})
          .map(
            ([name, setting]) =>
              [name, Array.isArray(setting) ? setting.join(',') : JSON.stringify(setting)] as const,
          )
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
      payloads: this.#payloads(file, field, value),
    };
  }

  #payloads(file: string, field: string, channel: JsonObject): string[] {
    const messages = isObject(channel['messages']) ? channel['messages'] : {};
    const payloads: string[] = [];
    for (const [name, message] of Object.entries(messages)) {
      const place = this.#follow(message, file, `${field}.messages.${name}`);
      const payload = place?.value['payload'];
      if (!place || payload === undefined) continue;
      const reference = at(payload, 'schema', '$ref');
      const format = at(payload, 'schemaFormat');
      if (format !== SCHEMA_FORMAT) {
        const what = `is ${JSON.stringify(format ?? null)}, expected ${SCHEMA_FORMAT}`;
        this.#problem('C020', `${place.field}.payload.schemaFormat`, what, { file: place.file });
      }
      if (typeof reference !== 'string' || !reference.endsWith('.avsc')) {
        this.#problem('C026', `${place.field}.payload.schema`, 'expected a $ref to an .avsc file', {
          why: 'A schema has one place, schemas/.',
          fix: 'Write for example "$ref: ../../schemas/retail/v1/StockMoved.avsc".',
          file: place.file,
        });
        continue;
      }
      const folder = posix.dirname(place.file);
      const target = posix.join(folder, reference);
      if (!this.#schemas.has(target)) {
        const known = [...this.#schemas].map((schema) => posix.relative(folder, schema));
        this.#problem('C026', `${place.field}.payload.schema.$ref`, `there is no schema ${target}`, {
          fix: didYouMean(reference, known),
          file: place.file,
        });
      } else {
        payloads.push(target);
      }
    }
    return payloads;
  }

  #operations(document: JsonObject, channels: ReadonlyMap<string, Channel>): Operation[] {
    const operations: Operation[] = [];
    for (const [name, value] of Object.entries(
      isObject(document['operations']) ? document['operations'] : {},
    )) {
      const field = `operations.${name}`;
      const action = at(value, 'action');
      if (!isObject(value) || (action !== 'send' && action !== 'receive')) {
        this.#problem(
          'C026',
          `${field}.action`,
          `is ${JSON.stringify(action ?? null)}, expected send or receive`,
          { fix: didYouMean(textOf(action), Object.keys(PURPOSES)) ?? 'Write "send" or "receive".' },
        );
        continue;
      }
      const reference = at(value, 'channel', '$ref');
      const channel =
        typeof reference === 'string' ? channels.get(reference.replace('#/channels/', '')) : undefined;
      const isTold = typeof reference === 'string' && at(document, ...pointerKeys(reference)) !== undefined;
      if (!channel && isTold) continue;
      if (!channel) {
        const known = [...channels.keys()].map((key) => `#/channels/${key}`);
        this.#problem(
          'C026',
          `${field}.channel.$ref`,
          `${JSON.stringify(reference ?? null)} is not a channel of this document`,
          { fix: didYouMean(textOf(reference), known) },
        );
        continue;
      }
      const known = PURPOSES[action] ?? [];
      const purpose = value['x-purpose'] ?? known[0];
      if (typeof purpose !== 'string' || !known.includes(purpose)) {
        this.#problem(
          'C026',
          `${field}.x-purpose`,
          `is ${JSON.stringify(purpose)}, expected one of ${known.join(', ')} for action ${action}`,
          { fix: didYouMean(textOf(purpose), known) },
        );
        continue;
      }
      const group = at(value, 'bindings', 'kafka', 'groupId', 'const');
      operations.push({
        name,
        field,
        action,
        purpose: purpose as Operation['purpose'],
        channel,
        summary: this.#text(value, field, 'summary'),
        ...(typeof group === 'string' && { group }),
      });
    }
    return operations;
  }

  /** Follows `$ref` within the documents of all apps to the object itself; `from` are those that were followed to get here. */
  #follow(
    value: Json | undefined,
    file: string,
    field: string,
    from: readonly Json[] = [],
  ): Place | undefined {
    const reference = at(value, '$ref');
    if (from.includes(value ?? null)) {
      this.#problem('C026', `${field}.$ref`, 'leads back to itself', {
        why: 'There is nothing at the end of the circle.',
        fix: 'Write the object itself in one of the places.',
        file,
      });
      return undefined;
    }
    if (typeof reference !== 'string') {
      if (isObject(value)) return { file, field, value };
      this.#problem('C026', field, 'expected a mapping', { file });
      return undefined;
    }
    const [path = '', pointer = ''] = reference.split('#');
    const target = path === '' ? file : posix.join(posix.dirname(file), path);
    const document = this.#documents.get(target);
    if (this.#unreadable.includes(target)) return undefined;
    const keys = pointerKeys(pointer);
    const found = document && at(document, ...keys);
    if (found === undefined) {
      this.#problem(
        'C026',
        `${field}.$ref`,
        document ? `${target} has no ${keys.join('.')}` : `there is no AsyncAPI document ${target}`,
        { fix: document ? suggestMember(document, keys) : this.#suggestDocument(target), file },
      );
      return undefined;
    }
    return this.#follow(found, target, keys.join('.'), [...from, value ?? null]);
  }

  #suggestDocument(target: string): string | undefined {
    const others = [...this.#documents.keys()].filter((file) => file !== this.#file);
    const app = closestOf(appOf(target), others.map(appOf));
    return app && `Did you mean "../${app}/asyncapi.yaml"?`;
  }

  #text(value: JsonObject, field: string, name: string, file = this.#file): string {
    const text = value[name];
    if (typeof text === 'string' && text.trim() !== '') return text;
    this.#problem('C007', `${field}.${name}`, 'is missing', {
      why: 'The console and the documentation show it to people who do not know the app.',
      fix: `Add "${name}: …" in a few words.`,
      file,
    });
    return '';
  }

  #problem(
    code: RuleCode,
    field: string,
    what: string,
    { why, fix, file = this.#file }: Pick<Problem, 'why' | 'fix'> & { readonly file?: string } = {},
  ): void {
    // A channel that several documents refer to is read once for each; its problems are told once.
    const known = this.#problems.some(
      (other) => other.file === file && other.field === field && other.what === what,
    );
    if (!known) this.#problems.push({ code, file, field, what, why, fix });
  }
}

function pointerKeys(pointer: string): string[] {
  return pointer.split('/').slice(1);
}

function suggestMember(document: JsonObject, keys: readonly string[]): string | undefined {
  const parent = at(document, ...keys.slice(0, -1));
  return isObject(parent) ? didYouMean(keys.at(-1) ?? '', Object.keys(parent)) : undefined;
}

interface Place {
  readonly file: string;
  readonly field: string;
  readonly value: JsonObject;
}

function at(value: Json | undefined, ...keys: readonly string[]): Json | undefined {
  return keys.reduce<Json | undefined>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}
