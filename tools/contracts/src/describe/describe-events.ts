import type { TopicDefinition, TopologyOperation } from '@eda/contracts';
import type { ContractModel, EventModel, Json } from '../contract-model.ts';
import { rightsOf } from '../emit/kafka-values.ts';
import { isObject, textOf } from '../json.ts';
import { describeFields } from './fields.ts';
import type { FieldDescription } from './fields.ts';

/** One event with everything around it, as people are told of it. */
export interface EventDescription {
  readonly event: EventModel;
  /** What the record says of itself. */
  readonly doc: string;
  readonly fields: readonly FieldOfEvent[];
  readonly topic: TopicDefinition;
  /** Those for records that could not be handled. */
  readonly failureTopics: readonly TopicDefinition[];
  /** Every operation on the topic, by the name of its app. */
  readonly uses: readonly EventUse[];
  /** What each app may do with the topic; operations of Kafka's ACLs. */
  readonly rights: readonly { readonly app: string; readonly operations: readonly string[] }[];
}

export interface FieldOfEvent extends FieldDescription {
  /** What a number counts, for example pieces. */
  readonly unit?: string;
  readonly isKey: boolean;
  readonly isPersonal: boolean;
}

export interface EventUse {
  readonly app: string;
  readonly operation: TopologyOperation;
}

/** Returns every event of the contracts, in the order of the names of their topics. */
export function describeEvents({ events, topics, topology }: ContractModel): EventDescription[] {
  const byName = new Map(topics.map((topic) => [topic.name, topic]));
  const failureTopics = Map.groupBy(
    topics.filter(({ deadLetterOf, retryOf }) => deadLetterOf ?? retryOf),
    ({ deadLetterOf, retryOf }) => (deadLetterOf ?? retryOf)?.topic,
  );
  const uses = Map.groupBy(
    topology.apps.flatMap(({ name, operations }) =>
      operations.map((operation): EventUse => ({ app: name, operation })),
    ),
    ({ operation }) => operation.topic,
  );
  const rights = Map.groupBy(
    rightsOf(topology).flatMap(({ name, acls }) =>
      acls
        .filter(({ resource }) => resource.type === 'topic')
        .map(({ resource, operations }) => ({ app: name, operations, topic: resource.name })),
    ),
    ({ topic }) => topic,
  );
  return events
    .flatMap((event): EventDescription[] => {
      const topic = byName.get(event.meta.topic);
      if (!topic) return [];
      const schema = JSON.parse(event.schema) as Json;
      return [
        {
          event,
          topic,
          doc: isObject(schema) ? textOf(schema['doc']) : '',
          fields: describeFields(schema).map((field) => ofEvent(field, event)),
          failureTopics: failureTopics.get(topic.name) ?? [],
          uses: uses.get(topic.name) ?? [],
          rights: (rights.get(topic.name) ?? []).map(({ app, operations }) => ({ app, operations })),
        },
      ];
    })
    .sort((a, b) => (a.topic.name < b.topic.name ? -1 : 1));
}

function ofEvent(field: FieldDescription, { meta }: EventModel): FieldOfEvent {
  const unit = meta.units[field.path];
  return {
    ...field,
    ...(unit !== undefined && { unit }),
    isKey: field.path === meta.key,
    isPersonal: meta.pii.includes(field.path),
  };
}
