import type { TopicDefinition, Topology } from '@eda/contracts';
import { frozenName } from '../check/lock.ts';
import type { Frozen } from '../check/lock.ts';
import { loadReleased } from '../check/release.ts';
import type { EventModel, Json } from '../contract-model.ts';
import { rightsOf } from '../emit/kafka-values.ts';
import type { UserRights } from '../emit/kafka-values.ts';
import { describeChanges } from './changes.ts';
import { describeEvents } from './describe-events.ts';
import type { EventDescription } from './describe-events.ts';

/** Everything that the contracts of a repository say, for people. */
export interface ContractsDescription {
  readonly organisation: string;
  readonly topology: Topology;
  readonly topics: readonly TopicDefinition[];
  readonly events: readonly DescribedEvent[];
  /** What each app may do on Kafka; apps that do not talk to it are not here. */
  readonly rights: readonly UserRights[];
}

export interface DescribedEvent extends EventDescription {
  /** Newest first. */
  readonly versions: readonly VersionDescription[];
}

/** One version of an event. */
export interface VersionDescription {
  /** Undefined when it is not released yet. */
  readonly version: number | undefined;
  /** What is another than in the version before, a sentence each; undefined for the first. */
  readonly changes: readonly string[] | undefined;
}

/** Describes the contracts under `root`. Throws `ContractsInvalid` when they, their history or their lock are wrong. */
export function describeContracts(root: string): ContractsDescription {
  const { model, history } = loadReleased(root);
  const { organisation, topology, topics } = model;
  return {
    organisation,
    topology,
    topics,
    rights: rightsOf(topology),
    events: describeEvents(model).map((described) => ({
      ...described,
      versions: versionsOf(described.event, history.frozen),
    })),
  };
}

function versionsOf(event: EventModel, frozen: readonly Frozen[]): VersionDescription[] {
  const released = frozen.filter((copy) => copy.event === frozenName(event));
  const isReleased = released.at(-1)?.schema === event.schema;
  const all: { version: number | undefined; schema: string }[] = [
    ...released.map(({ version, schema }) => ({ version, schema })),
    ...(isReleased ? [] : [{ version: undefined, schema: event.schema }]),
  ];
  return all
    .map(({ version, schema }, index) => {
      const before = all[index - 1];
      return {
        version,
        changes: before && describeChanges(JSON.parse(before.schema) as Json, JSON.parse(schema) as Json),
      };
    })
    .reverse();
}
