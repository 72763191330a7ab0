import { AvroRefused } from '../compat/avro-refused.ts';
import { isNamed } from '../compat/avro-schema.ts';
import type { AppDocument } from '../load-asyncapi.ts';
import { didYouMean } from '../problems.ts';
import type { Problem } from '../problems.ts';
import type { Path } from '../read/source-file.ts';
import type { Sources } from '../read/sources.ts';
import { consumersByTopic } from './consumers.ts';
import type { EarlierEvent } from './earlier-event.ts';
import { versionOf } from './schema-version.ts';
import type { SchemaVersion } from './schema-version.ts';

/** What an app says it reads of an event: `apps/<app>/consumes/<Event>.avsc`. */
export interface ReaderSchema {
  readonly file: string;
  readonly app: string;
  /** Full name of the event. */
  readonly event: string;
  readonly schema: SchemaVersion;
}

/** Reads the reader schemas of the apps; one that is wrong, or of an event its app does not receive, is a problem. */
export function readReaderSchemas(
  sources: Sources,
  events: readonly EarlierEvent[],
  apps: readonly AppDocument[],
  problems: Problem[],
): ReaderSchema[] {
  const files = apps.flatMap(({ name }) => {
    const folder = `apps/${name}/consumes`;
    return sources.tree
      .entries(folder)
      .filter((entry) => entry.name.endsWith('.avsc'))
      .map((entry) => ({ app: name, file: `${folder}/${entry.name}` }))
      .sort((a, b) => (a.file < b.file ? -1 : 1));
  });
  const consumers = consumersByTopic(apps);
  const byName = new Map(events.map((event) => [event.record.fullName, event]));
  return files.flatMap(({ app, file }): ReaderSchema[] => {
    const json = sources.json(file, problems)?.content;
    if (json === undefined) return [];
    try {
      const version = versionOf(file, JSON.stringify(json), json);
      const { schema } = version;
      const name = isNamed(schema) ? schema.fullName : schema.type;
      const isReceived = ({ meta }: EarlierEvent) => consumers.get(meta.topic)?.includes(app) === true;
      const event = byName.get(name);
      if (event && isReceived(event)) return [{ file, app, event: name, schema: version }];
      const known = events.filter(isReceived).map(({ record }) => record.fullName);
      problems.push({
        code: 'C021',
        file,
        field: 'name',
        what: `${app} receives no event ${name}`,
        why: 'Changes of an event are judged by what its consumers say they read.',
        fix: didYouMean(name, known) ?? (known.length > 0 ? `It receives ${known.join(', ')}.` : undefined),
      });
    } catch (error) {
      if (!(error instanceof AvroRefused)) throw error;
      problems.push({ code: 'C001', file, field: '', path: pathOf(error.location), what: error.reason });
    }
    return [];
  });
}

/** `/fields/0/type` -> `['fields', 0, 'type']` */
function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => (/^\d+$/.test(token) ? Number(token) : token));
}
