import { COMPATIBILITY_LEVELS } from './compatibility-levels.ts';
import type { EventMeta, Json, NamedType, Relaxation } from './contract-model.ts';
import { isObject, textOf } from './json.ts';
import type { JsonObject } from './json.ts';
import { LEVELS, RELAXABLE } from './level.ts';
import type { Level } from './level.ts';
import { checkPersonalData } from './personal-data.ts';
import { closestOf, didYouMean } from './problems.ts';
import type { Problem } from './problems.ts';
import type { Sources } from './read/sources.ts';
import { fieldsOf } from './record-fields.ts';
import type { Report } from './topic-config.ts';
import { topicConfig } from './topic-config.ts';

/** What every event says about itself: why, and how, for whoever left it out. */
const REQUIRED: Readonly<Record<string, { readonly why: string; readonly fix: string }>> = {
  description: {
    why: 'The topic would be a name without a meaning in every list of topics.',
    fix: 'Add a sentence, for example "description: Every sale of one item in one store."',
  },
  topic: {
    why: 'The event would have no place to go.',
    fix: 'Add the name, for example "topic: retail.stock-moved.v1".',
  },
  class: {
    why: 'It decides whether records are deleted after a time or compacted to the newest of each key.',
    fix: 'Add "class: event" for what happened, or "class: state" for what is now.',
  },
  key: {
    why: 'Events with the same key stay in order; without one nothing does.',
    fix: 'Add the field that is the record key, for example "key: storeId".',
  },
  owner: {
    why: 'Somebody has to answer for the event, and only the owner may send it.',
    fix: 'Add the app that sends it, for example "owner: store".',
  },
  partitions: {
    why: 'They cannot be lowered later, and with more of them events change places.',
    fix: 'Add their number, for example "partitions: 6".',
  },
  compatibility: {
    why: 'The registry would take any change.',
    fix: 'Add "compatibility: FULL_TRANSITIVE".',
  },
  pii: {
    why: 'Whoever stores, shows or forwards the event has to know whether it speaks about people.',
    fix: 'Add the fields that hold personal data, or "pii: []" when none does.',
  },
  example: {
    why: 'It becomes the bytes that every later version has to read.',
    fix: 'Add an example of the event.',
  },
};
const RETENTION = {
  why: 'Kafka would delete the records after its own default, seven days.',
  fix: 'Add for example "retention: 7d", or "retention: forever".',
};
const KNOWN = [...Object.keys(REQUIRED), 'retention', 'config', 'units', 'relax'];
/** What Kafka allows. */
const LONGEST_TOPIC = 249;
/** More than a cluster bears; Kafka would take the number, and then stand still. */
const MAX_PARTITIONS = 100_000;
const TOPIC = /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*\.v[1-9]\d*$/;

/**
 * Reads `<Event>.meta.yaml` beside the schema of `record`. What is wrong is added to `problems`; returns undefined
 * when anything is.
 */
export function loadMeta(
  sources: Sources,
  file: string,
  record: NamedType,
  types: readonly NamedType[],
  problems: Problem[],
): EventMeta | undefined {
  const found: Problem[] = [];
  const source = sources.yaml(file, found);
  const meta = source && checkMeta(file, source.content, record, found);
  if (meta) checkPersonalData(meta, record, types, found);
  problems.push(...found);
  return found.some(({ code }) => code !== 'C035') ? undefined : meta;
}

function checkMeta(
  file: string,
  content: Json,
  record: NamedType,
  problems: Problem[],
): EventMeta | undefined {
  const report: Report = (code, field, what, more) => problems.push({ code, file, field, what, ...more });
  if (!isObject(content)) {
    report('C034', '', 'expected a mapping', { fix: 'Write "topic: …", "owner: …" and so on.' });
    return undefined;
  }
  checkFields(content, report);
  if (problems.length > 0) return undefined;

  const { description, topic, key, owner, partitions, compatibility, example, pii } = content;
  const kind = content['class'];
  checkTopic(topic, record, report);
  if (kind !== 'event' && kind !== 'state')
    report('C034', 'class', `is ${JSON.stringify(kind)}, expected event or state`, {
      fix: didYouMean(textOf(kind), ['event', 'state']),
    });
  if (!Number.isInteger(partitions) || (partitions as number) < 1 || (partitions as number) > MAX_PARTITIONS)
    report(
      'C024',
      'partitions',
      `is ${JSON.stringify(partitions)}, expected a whole number of 1 to ${MAX_PARTITIONS}`,
      {
        why: 'Kafka refuses to create such a topic.',
        fix: 'Write for example "partitions: 6".',
      },
    );
  if (typeof compatibility !== 'string' || !COMPATIBILITY_LEVELS.includes(compatibility)) {
    report(
      'C034',
      'compatibility',
      `is ${JSON.stringify(compatibility)}, expected one of ${COMPATIBILITY_LEVELS.join(', ')}`,
      {
        why: 'The registry refuses a level it does not know.',
        fix: didYouMean(textOf(compatibility), COMPATIBILITY_LEVELS),
      },
    );
  }
  for (const [field, value] of Object.entries({ description, owner, key })) {
    if (typeof value !== 'string')
      report('C034', field, `is ${JSON.stringify(value)}, expected a text`, { fix: 'Write a text.' });
  }
  checkKey(key, record, report);
  const config = topicConfig(content, report);
  if (!Array.isArray(pii) || !pii.every((entry) => typeof entry === 'string'))
    report('C034', 'pii', `is ${JSON.stringify(pii)}, expected a list of fields`, {
      why: 'The list is read by programs.',
      fix: 'Write for example "pii: [customerName]", or "pii: []" when no field holds personal data.',
    });
  const units = readUnits(content['units'], record, report);
  const relax = readRelaxations(content['relax'], report);
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
    pii: pii as readonly string[],
    units,
    relax,
    example: example as Json,
  };
}

function checkFields(content: JsonObject, report: Report): void {
  const unknown = Object.keys(content).filter((field) => !KNOWN.includes(field));
  // One that is misspelt is not missing as well.
  const meant = new Set(unknown.map((field) => closestOf(field, KNOWN)));
  for (const [field, reason] of Object.entries(REQUIRED)) {
    const value = content[field];
    if ((value === undefined || value === null || value === '') && !meant.has(field))
      report('C007', field, 'is missing', reason);
  }
  if (content['class'] === 'event' && content['retention'] === undefined && !meant.has('retention'))
    report('C007', 'retention', 'is missing', RETENTION);
  for (const field of unknown)
    report('C034', field, 'is not known', {
      why: 'It would have no effect.',
      fix: didYouMean(field, KNOWN) ?? `Remove it; known are ${KNOWN.join(', ')}.`,
      part: 'key',
    });
}

function checkTopic(topic: Json | undefined, record: NamedType, report: Report): void {
  const [, start = '', major = ''] = record.file.split('/');
  const words = record.name.replace(/[a-z0-9](?=[A-Z])/g, '$&-').toLowerCase();
  const fix = `Write for example "topic: ${start}.${words}.${major}".`;
  if (typeof topic !== 'string' || !TOPIC.test(topic)) {
    const what = `is ${JSON.stringify(topic)}, expected <domain>.<event-name>.v<major> in small letters`;
    report('C033', 'topic', what, { fix });
  } else if (topic.length > LONGEST_TOPIC) {
    const what = `has ${topic.length} characters, Kafka allows ${LONGEST_TOPIC}`;
    report('C033', 'topic', what, { fix: 'Shorten it.' });
  } else if (!topic.startsWith(`${start}.`) || !topic.endsWith(`.${major}`)) {
    const what = `is "${topic}", its place asks for ${start}.<event-name>.${major}`;
    report('C033', 'topic', what, { fix });
  }
}

function checkKey(key: Json | undefined, record: NamedType, report: Report): void {
  if (typeof key !== 'string') return;
  const fields = fieldsOf(record);
  const field = fields.find(({ name }) => name === key);
  const type = field?.type;
  const fix = `Name a field that always holds a text, one of ${fields
    .filter((candidate) => isText(candidate.type))
    .map(({ name }) => name)
    .join(', ')}.`;
  if (!field) {
    const names = fields.map(({ name }) => name);
    report('C024', 'key', `"${key}" is not a field of ${record.name}`, {
      fix: didYouMean(key, names) ?? fix,
    });
  } else if (Array.isArray(type) && (type as readonly Json[]).includes('null')) {
    report('C024', 'key', `the field "${key}" may be null`, {
      why: 'Records without a key are spread over all partitions, so nothing keeps them in order.',
      fix,
    });
  } else if (!isText(type)) {
    report('C024', 'key', `the field "${key}" is not a string`, {
      why: 'Record keys are strings, so that every client makes the same partition of them.',
      fix,
    });
  }
}

function isText(type: Json | undefined): boolean {
  return type === 'string' || (isObject(type) && type['type'] === 'string');
}

function readUnits(units: Json | undefined, record: NamedType, report: Report): Record<string, string> {
  if (units === undefined) return {};
  if (!isObject(units) || !Object.values(units).every((unit) => typeof unit === 'string')) {
    report('C034', 'units', `is ${JSON.stringify(units)}, expected a unit for each field`, {
      why: 'The unit of a field is compared with what it was before.',
      fix: 'Write for example "units: { quantity: pieces }".',
    });
    return {};
  }
  const names = fieldsOf(record).map(({ name }) => name);
  for (const field of Object.keys(units).filter((name) => !names.includes(name)))
    report('C034', `units.${field}`, `"${field}" is not a field of ${record.name}`, {
      why: 'A unit of nothing guards nothing.',
      fix: didYouMean(field, names) ?? `Name one of ${names.join(', ')}.`,
      part: 'key',
    });
  return units as Record<string, string>;
}

function readRelaxations(relax: Json | undefined, report: Report): Relaxation[] {
  if (relax === undefined) return [];
  if (!Array.isArray(relax)) {
    report('C019', 'relax', `is ${JSON.stringify(relax)}, expected a list of levels with reasons`);
    return [];
  }
  return (relax as readonly Json[]).flatMap((entry, index) => {
    const { level, reason, field, ...more }: JsonObject = isObject(entry) ? entry : {};
    const place = `relax.${index}`;
    if (typeof level !== 'string' || !LEVELS.includes(level as Level)) {
      report(
        'C019',
        `${place}.level`,
        `is ${JSON.stringify(level ?? null)}, expected ${RELAXABLE.join(' or ')}`,
        {
          fix: didYouMean(textOf(level), RELAXABLE),
        },
      );
    } else if (!RELAXABLE.includes(level as Level)) {
      report('C019', `${place}.level`, `${level} cannot be relaxed`, {
        why: 'No reason makes bytes readable: consumers would stop at the first record.',
        fix: 'Undo the change, or start a new major version.',
      });
    }
    if (textOf(reason).trim() === '') report('C019', `${place}.reason`, 'is missing');
    if (field !== undefined && typeof field !== 'string')
      report('C019', `${place}.field`, `is ${JSON.stringify(field)}, expected for example fields.quantity`);
    for (const name of Object.keys(more))
      report('C019', `${place}.${name}`, 'is not known', {
        why: 'It would have no effect.',
        fix: didYouMean(name, ['level', 'reason', 'field']) ?? 'Remove it; known are level, reason, field.',
        part: 'key',
      });
    return [
      { level: level as Level, reason: textOf(reason).trim(), ...(typeof field === 'string' && { field }) },
    ];
  });
}
