/** Users and their rights, as the chart kafka-users has them, on a broker of this machine. */
import type { Grant } from './kafka-secured-cluster.ts';

type Operation = NonNullable<Grant['operations']>[number];

/** A user in the values of the chart. */
export interface ChartUser {
  readonly name: string;
  readonly acls: readonly {
    readonly resource: {
      readonly type: 'topic' | 'group';
      readonly name: string;
      readonly patternType: 'literal' | 'prefix';
    };
    readonly operations: readonly Operation[];
  }[];
}

/** Returns the rights of the user, in as few grants as possible: each is a program of its own. */
export function grantsOf({ name, acls }: ChartUser): Grant[] {
  const principals = [`User:${name}`];
  const names = (type: 'topic' | 'group', operation: Operation, patternType = 'literal') =>
    acls
      .filter(({ resource, operations }) => resource.type === type && operations.includes(operation))
      .filter(({ resource }) => resource.patternType === patternType)
      .map(({ resource }) => resource.name);
  const onTopics = new Set(
    acls.filter(({ resource }) => resource.type === 'topic').flatMap(({ operations }) => operations),
  );
  return [
    ...[...onTopics].map((operation) => ({
      principals,
      operations: [operation],
      topics: names('topic', operation),
    })),
    {
      principals,
      groups: names('group', 'Read'),
      groupPrefixes: names('group', 'Read', 'prefix'),
      watchedGroups: names('group', 'Describe'),
    },
  ];
}
