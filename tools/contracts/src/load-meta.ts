import type { EventMeta, Json, NamedType } from './contract-model.ts';
import { didYouMean } from './problems.ts';
import type { Problem } from './problems.ts';
import { isObject, readYaml, textOf } from './read-files.ts';

const REQUIRED = ['description', 'topic', 'class', 'key', 'owner', 'partitions', 'compatibility', 'example'];
const KNOWN = [...REQUIRED, 'retention', 'config'];
const COMPATIBILITY = [
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
];
const MILLIS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Kafka allows 249 characters; the rest is left for the suffixes of retry and dead-letter topics and a prefix. */
const TOPIC = /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*\.v[1-9]\d*$/;

/**
 * Reads `<Event>.meta.yaml` beside the schema of `record`. What is wrong is added to `problems`; returns undefined
 * when anything is.
 */
export function loadMeta(
  root: string,
  file: string,
  record: NamedType,
  problems: Problem[],
): EventMeta | undefined {
  const found: Problem[] = [];
  const source = readYaml(root, file, found);
  const meta = source && checkMeta(file, source.content, record, found);
  problems.push(...found);
  return found.length === 0 ? meta : undefined;
}

function checkMeta(
  file: string,
  content: Json,
  record: NamedType,
  problems: Problem[],
): EventMeta | undefined {
  const problem = (field: string, message: string) => problems.push({ file, field, message });
  if (!isObject(content)) {
    problem('', 'expected a mapping');
    return undefined;
  }
  for (const field of REQUIRED) {
    if (content[field] === undefined || content[field] === null || content[field] === '')
      problem(field, 'is missing');
  }
  for (const field of Object.keys(content)) {
    if (!KNOWN.includes(field)) problem(field, `is not known${didYouMean(field, KNOWN)}`);
  }
  if (problems.length > 0) return undefined;

  const { description, topic, key, owner, partitions, compatibility, example } = content;
  const kind = content['class'];
  const [, domain = '', major = ''] = /\.([^.]+)\.(v\d+)$/.exec(record.namespace) ?? [];
  if (typeof topic !== 'string' || !TOPIC.test(topic)) {
    problem('topic', `is ${JSON.stringify(topic)}, expected <domain>.<event-name>.v<major> in small letters`);
  } else if (!topic.startsWith(`${domain.replaceAll('_', '-')}.`) || !topic.endsWith(`.${major}`)) {
    problem(
      'topic',
      `"${topic}" does not fit the namespace ${record.namespace}: expected ${domain.replaceAll('_', '-')}.<event-name>.${major}`,
    );
  }
  if (kind !== 'event' && kind !== 'state')
    problem('class', `is ${JSON.stringify(kind)}, expected event or state`);
  if (!Number.isInteger(partitions) || (partitions as number) < 1)
    problem('partitions', 'expected a whole number of at least 1');
  if (typeof compatibility !== 'string' || !COMPATIBILITY.includes(compatibility)) {
    const hint = didYouMean(textOf(compatibility), COMPATIBILITY);
    problem(
      'compatibility',
      `is ${JSON.stringify(compatibility)}, expected one of ${COMPATIBILITY.join(', ')}${hint}`,
    );
  }
  for (const [field, value] of Object.entries({ description, owner, key })) {
    if (typeof value !== 'string') problem(field, 'expected a text');
  }
  checkKey(textOf(key), record, problem);
  const config = topicConfig(content, problem);
  if (problems.length > 0) return undefined;
  return {
    file,
    description: description as string,
    topic: topic as string,
    class: kind as 'event' | 'state',
    key: key as string,
    owner: owner as string,
    partitions: partitions as number,
    compatibility: compatibility as string,
    config,
    example: example as Json,
  };
}

function checkKey(key: string, record: NamedType, problem: (field: string, message: string) => void): void {
  const fields = record.definition['fields'] as readonly { readonly name: string; readonly type: Json }[];
  const field = fields.find(({ name }) => name === key);
  if (!field) {
    const names = fields.map(({ name }) => name);
    problem('key', `"${key}" is not a field of ${record.name}${didYouMean(key, names)}`);
  } else if (field.type !== 'string' && !(isObject(field.type) && field.type['type'] === 'string')) {
    problem('key', `the field "${key}" is not a string; record keys are strings`);
  }
}

function topicConfig(
  content: { readonly [key: string]: Json },
  problem: (field: string, message: string) => void,
): Record<string, string> {
  const { retention } = content;
  const extra = content['config'];
  const config: Record<string, string> = {};
  if (content['class'] === 'state') {
    config['cleanup.policy'] = 'compact';
    if (retention !== undefined)
      problem('retention', 'a state topic is compacted and keeps the newest record of each key for ever');
  } else {
    config['cleanup.policy'] = 'delete';
    const [, amount = '', unit = ''] = /^(\d+)([mhd])$/.exec(textOf(retention)) ?? [];
    if (retention === 'forever') config['retention.ms'] = '-1';
    else if (Number(amount) > 0) config['retention.ms'] = String(Number(amount) * (MILLIS[unit] ?? 0));
    else
      problem(
        'retention',
        `is ${JSON.stringify(retention ?? null)}, expected for example 30m, 12h, 7d or forever`,
      );
  }
  if (extra !== undefined && !isObject(extra))
    problem('config', 'expected a mapping of Kafka topic settings');
  for (const [name, value] of Object.entries(isObject(extra) ? extra : {})) {
    if (name in config) problem(`config.${name}`, 'is decided by class and retention');
    else config[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return Object.fromEntries(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)));
}
