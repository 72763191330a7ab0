import { isObject, textOf } from './json.ts';
import type { JsonObject } from './json.ts';
import type { Problem } from './problems.ts';
import type { RuleCode } from './rules.ts';

const MILLIS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Takes what is wrong with a field of the metadata. */
export type Report = (
  code: RuleCode,
  field: string,
  what: string,
  more?: Pick<Problem, 'why' | 'fix' | 'part'>,
) => void;

/** Returns the Kafka configuration of the topic of an event, by its class, its retention and its own settings. */
export function topicConfig(content: JsonObject, report: Report): Record<string, string> {
  const { retention } = content;
  const extra = content['config'];
  const config: Record<string, string> = {};
  if (content['class'] === 'state') {
    config['cleanup.policy'] = 'compact';
    if (retention !== undefined)
      report('C034', 'retention', 'a state topic is compacted and has no retention', {
        why: 'It keeps the newest record of each key for ever.',
        fix: 'Remove it, or write "class: event".',
      });
  } else if (content['class'] === 'event') {
    config['cleanup.policy'] = 'delete';
    const [, amount = '', unit = ''] = /^(\d+)([mhd])$/.exec(textOf(retention)) ?? [];
    const millis = Number(amount) * (MILLIS[unit] ?? 0);
    if (retention === 'forever') config['retention.ms'] = '-1';
    else if (millis > 0 && Number.isSafeInteger(millis)) config['retention.ms'] = String(millis);
    else
      report(
        'C034',
        'retention',
        `is ${JSON.stringify(retention)}, expected for example 30m, 12h, 7d or forever`,
        {
          why: 'A number without a unit is taken for another one sooner or later.',
          fix: 'Write for example "retention: 7d".',
        },
      );
  }
  if (extra !== undefined && !isObject(extra))
    report('C034', 'config', `is ${JSON.stringify(extra)}, expected a mapping of Kafka topic settings`, {
      fix: 'Write for example "config: { segment.ms: 600000 }".',
    });
  for (const [name, value] of Object.entries(isObject(extra) ? extra : {})) {
    if (Object.hasOwn(config, name))
      report('C034', `config.${name}`, 'is decided by class and retention', {
        why: 'Two places for one fact contradict each other some day.',
        fix: 'Remove it, and change class or retention.',
      });
    else config[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return Object.fromEntries(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)));
}
