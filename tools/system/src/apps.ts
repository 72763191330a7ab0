/** The apps of the blueprint, in the order in which an event meets them: the one list that start, serve and golden share. */

interface AppDescription {
  readonly name: string;
  readonly port: number;
  /** Whether the app owns a database (of its own name). */
  readonly database: boolean;
  readonly says: string;
  /** The path worth a click. */
  readonly path: string;
}

export const APPS = [
  { name: 'store', port: 3001, database: true, path: '/docs', says: 'record movements' },
  { name: 'inventory', port: 3002, database: true, path: '/docs', says: 'ask for stock' },
  { name: 'replenishment', port: 3003, database: true, path: '/docs', says: 'see what was requested' },
  { name: 'console', port: 3000, database: false, path: '/', says: 'the system, live' },
] as const satisfies AppDescription[];

export type AppSpec = (typeof APPS)[number];

export type Ports = Record<AppSpec['name'], number>;

export const DEFAULT_PORTS = Object.fromEntries(APPS.map(({ name, port }) => [name, port])) as Ports;

/** Where the platform's parts answer, as the apps are told. */
export interface PlatformAddresses {
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  /** The connection string of the database `name`, which exists when this resolves. */
  databaseUrl(name: string): Promise<string>;
}

const appUrl = (port: number) => `http://127.0.0.1:${port}`;

/** Returns the environment in which `app` finds the platform and the other apps. */
export async function appEnvironment(
  app: AppSpec,
  platform: PlatformAddresses,
  ports: Ports = DEFAULT_PORTS,
): Promise<Record<string, string>> {
  return {
    PORT: String(ports[app.name]),
    KAFKA_BROKERS: platform.brokers.join(','),
    SCHEMA_REGISTRY_URL: platform.registryUrl,
    ...(app.database ? { DATABASE_URL: await platform.databaseUrl(app.name) } : {}),
    ...(app.name === 'console'
      ? {
          STORE_URL: appUrl(ports.store),
          INVENTORY_URL: appUrl(ports.inventory),
          REPLENISHMENT_URL: appUrl(ports.replenishment),
        }
      : {}),
  };
}

/** Returns the address of `app` for a browser or an API client. */
export const addressOf = (app: AppSpec, ports: Ports): string => appUrl(ports[app.name]) + app.path;
