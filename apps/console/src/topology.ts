/** The drawing's raw material: who sends and receives what, taken from the contracts. */
import type { Topology as ContractTopology } from '@eda/contracts';
import type { GroupSubscription } from './lag.ts';
import type { Topology } from './messages.ts';

/** Returns the contracts' topology as the page draws it. */
export function topologyFor(contracts: ContractTopology): Topology {
  return {
    apps: contracts.apps.map(({ name, title, description, role, calls, operations }) => {
      const group = operations.find((operation) => operation.purpose === 'consume')?.group;
      return { name, title, description, role, calls, ...(group === undefined ? {} : { group }) };
    }),
    topics: contracts.topics.map(({ name, kind, description, deadLetterOf }) => ({
      name,
      kind,
      description,
      ...(deadLetterOf ? { group: deadLetterOf.group } : {}),
    })),
    flows: contracts.apps.flatMap((app) =>
      app.operations.map(({ action, purpose, topic }) => ({
        app: app.name,
        topic,
        direction: action === 'send' ? ('sends' as const) : ('receives' as const),
        aside: purpose === 'observe' || purpose === 'redrive',
      })),
    ),
  };
}

/** Returns every consumer group with the topics it reads. */
export function subscriptionsOf(contracts: ContractTopology): GroupSubscription[] {
  const topics = new Map<string, string[]>();
  for (const { purpose, group, topic } of contracts.apps.flatMap((app) => app.operations)) {
    if (purpose === 'consume' && group !== undefined)
      topics.set(group, [...(topics.get(group) ?? []), topic]);
  }
  return [...topics].map(([group, read]) => ({ group, topics: read }));
}
