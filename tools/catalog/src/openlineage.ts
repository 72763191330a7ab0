/** The lineage as OpenLineage events (https://openlineage.io, version 2-0-2), which catalogs of data read. */
import type { ContractsDescription, DescribedEvent, FieldOfEvent } from '@eda/contracts-cli/describe';
import { lineageOf } from './lineage.ts';

const SPEC = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs';
const FACETS = 'https://openlineage.io/spec/facets';
/** Who says so. */
const PRODUCER = 'urn:eda:catalog';

export interface OpenLineageOptions {
  /** The brokers, for example `127.0.0.1:9092`; datasets of Kafka are named by them. */
  readonly bootstrap: string;
  /** RFC 3339. */
  readonly eventTime: string;
}

/**
 * Returns one `JobEvent` for each app that reads or writes events, then one `DatasetEvent` for each topic of an event. They are
 * the static kind: what is designed, not what ran.
 */
export function toOpenLineage(
  contracts: ContractsDescription,
  { bootstrap, eventTime }: OpenLineageOptions,
): object[] {
  const base = (type: string) => ({ eventTime, producer: PRODUCER, schemaURL: `${SPEC}/${type}` });
  const dataset = (name: string) => ({ namespace: `kafka://${bootstrap}`, name });
  const titles = new Map(contracts.topology.apps.map(({ name, description }) => [name, description]));
  return [
    ...lineageOf(contracts).map(({ app, inputs, outputs }) => ({
      ...base('JobEvent'),
      job: {
        namespace: contracts.organisation,
        name: app,
        facets: {
          jobType: facet('JobTypeJobFacet', '2-0-3', {
            processingType: 'STREAMING',
            integration: 'KAFKA',
            jobType: 'SERVICE',
          }),
          documentation: facet('DocumentationJobFacet', '1-0-1', { description: titles.get(app) ?? '' }),
        },
      },
      inputs: inputs.map(dataset),
      outputs: outputs.map(dataset),
    })),
    ...contracts.events.map((event) => ({
      ...base('DatasetEvent'),
      dataset: { ...dataset(event.topic.name), facets: facetsOf(event) },
    })),
  ];
}

function facetsOf({ topic, fields }: DescribedEvent): object {
  return {
    documentation: facet('DocumentationDatasetFacet', '1-0-1', { description: topic.description }),
    schema: facet('SchemaDatasetFacet', '1-1-1', { fields: nested(fields, '') }),
    ownership: facet('OwnershipDatasetFacet', '1-0-1', { owners: [{ name: `application:${topic.owner}` }] }),
  };
}

/** The fields right below `prefix`, with theirs in them. */
function nested(fields: readonly FieldOfEvent[], prefix: string): object[] {
  return fields.flatMap(({ path, type, doc }) => {
    const name = path.slice(prefix.length);
    if (!path.startsWith(prefix) || name.includes('.')) return [];
    const inner = nested(fields, `${path}.`);
    return [
      { name, type, ...(doc !== '' && { description: doc }), ...(inner.length > 0 && { fields: inner }) },
    ];
  });
}

function facet(name: string, version: string, content: object): object {
  return { _producer: PRODUCER, _schemaURL: `${FACETS}/${version}/${name}.json#/$defs/${name}`, ...content };
}
