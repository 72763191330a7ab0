import type { EventModel } from '../contract-model.ts';
import type { AppDocument, Channel } from '../load-asyncapi.ts';
import type { Problem } from '../problems.ts';
import { RULES } from '../rules.ts';
import type { EarlierEvent } from './earlier-event.ts';

const PARTITIONS_RAISED =
  'The partition of a key follows from their number: events of one key would stand in two partitions, and no longer be in order.';
const PARTITIONS_LOWERED = 'Kafka cannot take partitions away from a topic.';

/** Returns what changed about an event besides its schema and hurts those who consume it; all at level SEMANTIC. */
export function compareMeta(before: EarlierEvent, after: EventModel): Problem[] {
  const { meta, record } = after;
  const earlier = before.meta;
  const problems: Problem[] = [];
  const report = (code: 'C014' | 'C017' | 'C024', field: string, what: string, more: Partial<Problem> = {}) =>
    problems.push({ code, level: 'SEMANTIC', file: meta.file, field, what, fix: RULES.C014.fix, ...more });
  if (meta.topic !== earlier.topic)
    report('C014', 'topic', `is ${meta.topic} and was ${earlier.topic}`, {
      why: 'Consumers of the old topic hear nothing any more and see no error; its records and offsets stay behind.',
    });
  if (earlier.key !== undefined && meta.key !== earlier.key)
    report('C024', 'key', `is ${meta.key} and was ${earlier.key}`, {
      why: 'Events that belonged together are spread over other partitions, and no longer in order.',
    });
  if (earlier.partitions !== undefined && meta.partitions !== earlier.partitions)
    report('C024', 'partitions', partitionsChanged(earlier.partitions, meta.partitions), {
      ...(meta.partitions < earlier.partitions
        ? { why: PARTITIONS_LOWERED, fix: 'Undo the change; a topic with fewer partitions is another topic.' }
        : { why: PARTITIONS_RAISED }),
    });
  if (earlier.class !== undefined && meta.class !== earlier.class)
    report('C014', 'class', `is ${meta.class} and was ${earlier.class}`, {
      why:
        meta.class === 'state'
          ? 'Compaction would delete all records of a key but the newest, also those that are there.'
          : 'Records of keys that do not change any more would be deleted with time.',
    });
  const retention = shortened(earlier.config ?? {}, meta.config);
  if (meta.class === earlier.class && retention !== undefined)
    report('C017', 'retention', retention, { fix: RULES.C017.fix });
  for (const [name, unit] of Object.entries(earlier.units ?? {}))
    if (meta.units[name] !== unit && hasOwnField(after, name))
      report('C014', `units.${name}`, `is ${meta.units[name] ?? 'not said'} and was ${unit}`, {
        why: `Every reader of ${record.name} takes the same number for something else.`,
      });
  const lost = directionsOf(earlier.compatibility ?? '').filter(
    (one) => !directionsOf(meta.compatibility).includes(one),
  );
  if (lost.length > 0)
    report('C014', 'compatibility', `is ${meta.compatibility} and was ${earlier.compatibility ?? 'none'}`, {
      why: `Consumers were promised more: ${lost.join(' and ')} would not be checked for them any more.`,
    });
  return problems;
}

/** What a compatibility mode promises, in words. */
export function directionsOf(mode: string): string[] {
  return [
    ...(/^(BACKWARD|FULL)/.test(mode) ? ['that new readers can read old records'] : []),
    ...(/^(FORWARD|FULL)/.test(mode) ? ['that old readers can read new records'] : []),
    ...(mode.endsWith('_TRANSITIVE') ? ['every version before the last one'] : []),
  ];
}

/** Returns what changed about the topics for retries and dead letters, which only the AsyncAPI documents describe. */
export function compareChannels(
  before: readonly AppDocument[],
  after: readonly AppDocument[],
  topics: ReadonlySet<string>,
): Problem[] {
  const channels = (apps: readonly AppDocument[]): Channel[] =>
    apps.flatMap(({ ownChannels }) => ownChannels).filter(({ address }) => !topics.has(address));
  const earlier = new Map(channels(before).map((channel) => [channel.address, channel]));
  return channels(after).flatMap((channel): Problem[] => {
    const other = earlier.get(channel.address);
    if (!other) return [];
    const place = { level: 'SEMANTIC', file: channel.file } as const;
    const [was = 1, is = 1] = [other.partitions, channel.partitions];
    const retention = shortened(other.config, channel.config);
    return [
      ...(is < was
        ? [
            {
              ...place,
              code: 'C024',
              field: `${channel.field}.bindings.kafka.partitions`,
              what: partitionsChanged(was, is),
              why: PARTITIONS_LOWERED,
              fix: 'Undo the change.',
            } as const,
          ]
        : []),
      ...(retention === undefined
        ? []
        : [
            {
              ...place,
              code: 'C017',
              field: `${channel.field}.bindings.kafka.topicConfiguration.retention.ms`,
              what: retention,
            } as const,
          ]),
    ];
  });
}

function partitionsChanged(was: number, is: number): string {
  return `${was} -> ${is}`;
}

function hasOwnField({ record }: EventModel, name: string): boolean {
  const fields = record.definition['fields'] as readonly { readonly name: string }[];
  return fields.some((field) => field.name === name);
}

type Config = Readonly<Record<string, string>>;

/** What is said of a retention that became shorter; undefined when it did not. */
function shortened(before: Config, after: Config): string | undefined {
  const [was, is] = [retentionOf(before), retentionOf(after)];
  return is < was ? `is ${duration(is)} and was ${duration(was)}` : undefined;
}

const KAFKA_DEFAULT = 604_800_000;

function retentionOf(config: Config): number {
  if (config['cleanup.policy'] === 'compact') return Infinity;
  const millis = Number(config['retention.ms'] ?? KAFKA_DEFAULT);
  return millis === -1 ? Infinity : millis;
}

function duration(millis: number): string {
  if (millis === Infinity) return 'forever';
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
  ] as const;
  for (const [unit, length] of units) if (millis % length === 0) return `${millis / length}${unit}`;
  return `${millis} ms`;
}
