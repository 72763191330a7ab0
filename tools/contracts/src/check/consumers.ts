import type { AppDocument } from '../load-asyncapi.ts';

/** The names of the apps that have a receive operation for a topic, to handle its records or to show them; by topic. */
export type ConsumersByTopic = ReadonlyMap<string, readonly string[]>;

/** Returns who receives what, the apps in their order. */
export function consumersByTopic(apps: readonly AppDocument[]): ConsumersByTopic {
  const consumers = new Map<string, string[]>();
  for (const { name, operations } of apps)
    for (const topic of new Set(
      operations.filter(({ action }) => action === 'receive').map(({ channel }) => channel.address),
    ))
      consumers.set(topic, [...(consumers.get(topic) ?? []), name]);
  return consumers;
}
