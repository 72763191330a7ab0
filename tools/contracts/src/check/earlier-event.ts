import { AvroRefused, parseSchema } from '../compat/parse-avro.ts';
import { placeInFile } from '../check-avro.ts';
import type { EventMeta, Json, NamedType } from '../contract-model.ts';
import { inlineSchema } from '../inline-schema.ts';
import { isObject, textOf } from '../json.ts';
import { recordsByMetaFile } from '../load-contracts.ts';
import { isSchemaFile } from '../load-schemas.ts';
import type { Problem } from '../problems.ts';
import type { Sources } from '../read/sources.ts';
import { topicConfig } from '../topic-config.ts';
import { TypeCollector } from '../type-collector.ts';

type Compared = 'class' | 'key' | 'partitions' | 'compatibility' | 'config' | 'units';

/** An event as it was: what it is compared by. What its metadata did not say, or not as it has to be said, is undefined. */
export interface EarlierEvent {
  readonly record: NamedType;
  readonly meta: Pick<EventMeta, 'topic'> & { readonly [K in Compared]: EventMeta[K] | undefined };
  /** Self-contained schema as it is registered. */
  readonly schema: string;
}

/**
 * Reads the events among `files` without judging them; Avro takes the schemas in `known`. One whose schema Avro refuses, or that has no topic, is left out and
 * added to `unread`, as are files that cannot be read.
 */
export function readEarlierEvents(
  sources: Sources,
  files: readonly string[],
  known: ReadonlySet<string>,
  unread: Problem[],
): EarlierEvent[] {
  const collector = new TypeCollector([]);
  for (const file of files.filter(isSchemaFile)) {
    const source = sources.json(file, unread);
    if (source) collector.collect(file, source.content);
  }
  const records = recordsByMetaFile([...collector.types.values()]);
  return files.flatMap((file): EarlierEvent[] => {
    const record = records.get(file);
    if (!record) return [];
    const content = sources.yaml(file, unread)?.content;
    if (content === undefined) return [];
    const meta = earlierMeta(content);
    if (!meta) {
      unread.push({ code: 'C007', file, field: 'topic', what: 'has no topic' });
      return [];
    }
    const json = inlineSchema(record.fullName, collector.types);
    const schema = JSON.stringify(json);
    try {
      if (!known.has(schema)) parseSchema(json);
      return [{ record, meta, schema }];
    } catch (error) {
      if (!(error instanceof AvroRefused)) throw error;
      const start = { file: record.file, field: '', path: [] };
      const place = placeInFile(json, error.location, start, collector.places);
      unread.push({ code: 'C001', ...place, what: `is refused by Avro: ${error.reason}` });
      return [];
    }
  });
}

function earlierMeta(content: Json): EarlierEvent['meta'] | undefined {
  if (!isObject(content)) return undefined;
  const text = (name: string) => (textOf(content[name]) === '' ? undefined : textOf(content[name]));
  const { partitions, units } = content;
  const topic = text('topic');
  const kind = text('class');
  return topic === undefined
    ? undefined
    : {
        topic,
        class: kind === 'event' || kind === 'state' ? kind : undefined,
        key: text('key'),
        partitions: typeof partitions === 'number' ? partitions : undefined,
        compatibility: text('compatibility'),
        config: topicConfig(content, () => undefined),
        units: isObject(units) ? textsOf(units) : undefined,
      };
}

function textsOf(object: Readonly<Record<string, Json>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
