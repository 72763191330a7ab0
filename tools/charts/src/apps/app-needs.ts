/** What an app needs of a cluster, from its AsyncAPI document and its variables. */
import type { Topology, TopologyApp } from '@eda/contracts';
import type { AppConfig } from './app-config.ts';

/** What `contract.generated.yaml` of an app's chart holds. */
export interface AppNeeds {
  readonly app: string;
  /** The KafkaUser with the rights of the app; absent for an app that does not speak with Kafka. */
  readonly kafkaUser?: string;
  /** Its consumer groups with what they consume. */
  readonly consumerGroups: readonly { readonly name: string; readonly topics: readonly string[] }[];
  readonly schemaRegistry: boolean;
  readonly database: boolean;
  /** Apps whose HTTP interface it uses. */
  readonly calls: readonly string[];
  /** Apps that use its own. */
  readonly calledBy: readonly string[];
}

/** Returns what each app needs. `configs` has the variables of every app of `topology` that has a chart. */
export function appNeeds(topology: Topology, configs: ReadonlyMap<string, AppConfig>): AppNeeds[] {
  const names = new Set(topology.apps.map(({ name }) => name));
  const calls = new Map(
    topology.apps.map((app) => [app.name, callsOf(app, variablesOf(configs, app.name), names)]),
  );
  return topology.apps.map((app) => {
    const variables = variablesOf(configs, app.name);
    return {
      app: app.name,
      ...(variables.has('KAFKA_CREDENTIALS_DIR') ? { kafkaUser: app.name } : {}),
      consumerGroups: groupsOf(app),
      schemaRegistry: variables.has('SCHEMA_REGISTRY_URL'),
      database: variables.has('DATABASE_URL'),
      calls: calls.get(app.name) ?? [],
      calledBy: [...calls].filter(([, called]) => called.includes(app.name)).map(([name]) => name),
    };
  });
}

function variablesOf(configs: ReadonlyMap<string, AppConfig>, app: string): ReadonlySet<string> {
  return new Set(Object.keys(configs.get(app)?.properties ?? {}));
}

/** The document says which interfaces an app uses for its work; the variables say which it only asks for their health, too. */
function callsOf(
  { calls }: TopologyApp,
  variables: ReadonlySet<string>,
  apps: ReadonlySet<string>,
): string[] {
  const byVariable = [...apps].filter((app) => variables.has(urlVariable(app)));
  return [...new Set([...calls, ...byVariable])].sort();
}

/** Returns the variable in which an app finds the HTTP interface of another. */
export function urlVariable(app: string): string {
  return `${app.replaceAll('-', '_').toUpperCase()}_URL`;
}

function groupsOf({ operations }: TopologyApp): AppNeeds['consumerGroups'] {
  const groups = new Map<string, Set<string>>();
  for (const { group, topic } of operations) {
    if (group !== undefined) groups.set(group, (groups.get(group) ?? new Set()).add(topic));
  }
  return [...groups].map(([name, topics]) => ({ name, topics: [...topics].sort() }));
}
