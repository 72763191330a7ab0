/** What Backstage's software catalog reads: the apps, their interfaces and their topics. */
import type { TopicDefinition, TopologyApp } from '@eda/contracts';
import { createHash } from 'node:crypto';
import { dump } from 'js-yaml';
import type { ContractModel } from '../contract-model.ts';

const HEADER = '# Generated from schemas/ and apps/*/asyncapi.yaml by `npm run generate`. Do not edit.\n';
/** The longest name that Backstage takes. */
const LONGEST_NAME = 63;

interface Entity {
  readonly apiVersion: 'backstage.io/v1alpha1';
  readonly kind: string;
  readonly metadata: { readonly name: string } & Readonly<Record<string, unknown>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Returns `catalog-info.yaml` of the repository: all of it as one system, its team, and where the apps are. */
export function emitSystem({ organisation, topology }: ContractModel): string {
  return toYaml([
    entity(
      'Location',
      organisation,
      {},
      { targets: topology.apps.map(({ name }) => `./apps/${name}/catalog-info.yaml`) },
    ),
    entity('System', organisation, {}, { owner: organisation }),
    // So that everything resolves in an empty catalog; an organisation that has this group gives it its name.
    entity('Group', organisation, {}, { type: 'team', children: [] }),
  ]);
}

/**
 * Returns `catalog-info.yaml` of an app: the component, its interfaces (`asyncapi.bundle.json` and, with `hasRest`,
 * `openapi.json`), and the topics it owns.
 */
export function emitComponent(
  app: TopologyApp,
  { organisation, topology, topics: allTopics }: ContractModel,
  withRest: ReadonlySet<string>,
): string {
  const { name, title, description, operations, calls } = app;
  const spec = { lifecycle: 'production', owner: organisation, system: organisation };
  const topicsOf = (action: 'send' | 'receive') =>
    new Set(operations.filter((operation) => operation.action === action).map(({ topic }) => topic));
  const received = topicsOf('receive');
  const publishers = topology.apps.filter(
    (other) =>
      other !== app &&
      other.operations.some(({ purpose, topic }) => purpose === 'publish' && received.has(topic)),
  );
  const provided = [
    ...(publishes(app) ? [eventsOf(name)] : []),
    ...(withRest.has(name) ? [restOf(name)] : []),
  ];
  const consumed = [
    ...publishers.map((other) => eventsOf(other.name)),
    ...calls.filter((other) => withRest.has(other)).map(restOf),
  ];
  const topics = [...new Set([...topicsOf('send'), ...received])].sort();
  const owned = allTopics.filter(({ owner }) => owner === name);
  return toYaml([
    entity(
      'Component',
      name,
      { title, description },
      {
        type: 'service',
        ...spec,
        ...(provided.length > 0 && { providesApis: provided }),
        ...(consumed.length > 0 && { consumesApis: consumed }),
        ...(topics.length > 0 && { dependsOn: topics.map((topic) => `resource:${nameOf(topic)}`) }),
      },
    ),
    ...(publishes(app)
      ? [api(eventsOf(name), `${title}: events`, 'asyncapi', './asyncapi.bundle.json', spec)]
      : []),
    ...(withRest.has(name) ? [api(restOf(name), `${title}: REST`, 'openapi', './openapi.json', spec)] : []),
    ...owned.map((topic) => topicResource(topic, organisation)),
  ]);
}

function publishes({ operations }: TopologyApp): boolean {
  return operations.some(({ purpose }) => purpose === 'publish');
}

function api(name: string, title: string, type: string, file: string, spec: object): Entity {
  return entity('API', name, { title }, { type, ...spec, definition: { $text: file } });
}

function topicResource({ name, description, kind }: TopicDefinition, organisation: string): Entity {
  return entity(
    'Resource',
    nameOf(name),
    { title: name, description, tags: [kind] },
    {
      type: 'kafka-topic',
      owner: organisation,
      system: organisation,
    },
  );
}

function eventsOf(app: string): string {
  return nameOf(`${app}-events`);
}

function restOf(app: string): string {
  return nameOf(`${app}-rest`);
}

/** Names of topics may be longer than Backstage's. */
function nameOf(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, LONGEST_NAME - 9).replace(/[^a-zA-Z0-9]+$/, '')}-${hash}`;
}

function entity(kind: string, name: string, metadata: object, spec: Entity['spec']): Entity {
  return { apiVersion: 'backstage.io/v1alpha1', kind, metadata: { name: nameOf(name), ...metadata }, spec };
}

function toYaml(entities: readonly Entity[]): string {
  return HEADER + entities.map((one) => dump(one, { lineWidth: 120, noRefs: true })).join('---\n');
}
