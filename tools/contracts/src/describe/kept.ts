import type { TopicDefinition } from '@eda/contracts';

/** Returns how long records stay in the topic, for people. */
export function kept({ config }: TopicDefinition): string {
  if (config['cleanup.policy'] === 'compact') return 'the newest record of each key, for ever';
  const ms = Number(config['retention.ms']);
  if (ms === -1) return 'for ever';
  const [unit = 'ms', size = 1] =
    (
      [
        ['days', 86_400_000],
        ['hours', 3_600_000],
        ['minutes', 60_000],
      ] as const
    ).find(([, length]) => ms % length === 0) ?? [];
  return `${ms / size} ${unit}`;
}
