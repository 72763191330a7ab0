/** What the charts need of the contracts: topics and users in the shape of Strimzi's custom resources (Strimzi 1.2, `kafka.strimzi.io/v1`). */
import type { TopicDefinition, Topology, TopologyApp } from '@eda/contracts';
import { dump } from 'js-yaml';

const HEADER = '# Generated from schemas/ and apps/*/asyncapi.yaml by `npm run generate`. Do not edit.\n';

/** One rule of Strimzi's simple authorization. */
export interface Acl {
  readonly resource: {
    readonly type: 'topic' | 'group';
    readonly name: string;
    readonly patternType: 'literal';
  };
  readonly operations: readonly string[];
}

/**
 * Returns the values of the chart kafka-topics: per topic name, partitions and configuration. Replicas are left out, they belong to
 * the environment.
 */
export function emitTopicValues(topics: readonly TopicDefinition[]): string {
  return toYaml(
    'Topics, those for retries and dead letters included; owner is the app that answers for it.',
    {
      topics: topics.map(({ name, kind, owner, description, partitions, config }) => ({
        name,
        kind,
        owner,
        description,
        partitions,
        config,
      })),
    },
  );
}

/**
 * Returns the values of the chart kafka-users: per app that talks to Kafka a user with the rights its AsyncAPI document asks for, and
 * no other. Read and Write include Describe; Write on a topic includes the idempotent producer (KIP-679).
 */
export function emitUserValues(topology: Topology): string {
  return toYaml(
    'Users, one an app. An operation that its document does not declare is refused by the broker.',
    {
      users: rightsOf(topology),
    },
  );
}

/** What one app may do on Kafka. */
export interface UserRights {
  readonly name: string;
  readonly acls: readonly Acl[];
}

/** Returns what each app that talks to Kafka may do there. */
export function rightsOf(topology: Topology): UserRights[] {
  return topology.apps
    .filter(({ operations }) => operations.length > 0)
    .map((app) => ({ name: app.name, acls: aclsOf(app, topology) }));
}

function aclsOf({ operations }: TopologyApp, { apps }: Topology): Acl[] {
  const topics = new Map<string, Set<string>>();
  const groups = new Map<string, Set<string>>();
  const grant = (to: Map<string, Set<string>>, name: string, operation: string) =>
    to.set(name, (to.get(name) ?? new Set()).add(operation));
  for (const { action, purpose, topic, group } of operations) {
    grant(topics, topic, action === 'send' ? 'Write' : 'Read');
    if (purpose === 'retry') grant(topics, topic, 'Read');
    if (group !== undefined) grant(groups, group, 'Read');
    // Whoever looks on shows how far those are who consume.
    if (purpose === 'observe')
      for (const consumer of groupsOn(topic, apps)) grant(groups, consumer, 'Describe');
  }
  return [...toAcls('topic', topics), ...toAcls('group', groups)];
}

function groupsOn(topic: string, apps: readonly TopologyApp[]): string[] {
  return apps
    .flatMap(({ operations }) => operations)
    .filter((operation) => operation.topic === topic)
    .flatMap(({ group }) => group ?? []);
}

function toAcls(type: Acl['resource']['type'], granted: ReadonlyMap<string, ReadonlySet<string>>): Acl[] {
  return [...granted]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, operations]) => ({
      resource: { type, name, patternType: 'literal' },
      // Read and Write include Describe.
      operations: [...operations]
        .filter((operation) => operation !== 'Describe' || operations.size === 1)
        .sort(),
    }));
}

function toYaml(comment: string, values: object): string {
  return `${HEADER}# ${comment}\n${dump(values, { lineWidth: -1, noRefs: true })}`;
}
