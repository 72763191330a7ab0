/** Apicurio Registry, which keeps its schemas in Kafka. */
import { join } from 'node:path';
import { type Part, startProcess } from './part.ts';
import { jvmFlags } from './jvm.ts';
import { LOOPBACK } from './ports.ts';

export interface RegistryOptions {
  readonly java: string;
  /** The unpacked application. */
  readonly home: string;
  readonly archives: string;
  readonly temp: string;
  readonly logFile: string;
  readonly port: number;
  readonly managementPort: number;
  readonly brokers: readonly string[];
  /** More of its variables; they come before our own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Returns the base address of the Confluent-compatible interface of a registry on `port`. */
export function registryUrl(port: number): string {
  return `http://${LOOPBACK}:${port}/apis/ccompat/v7`;
}

/** Settings that the embedded registry and the container share. */
export const REGISTRY_SETTINGS = {
  APICURIO_STORAGE_KIND: 'kafkasql',
  // The default of 5 s is waited for in full several times while it starts: 24 s instead of 5.
  APICURIO_KAFKASQL_CONSUMER_POLL_TIMEOUT: '100',
  QUARKUS_LOG_CATEGORY__ORG_APACHE_KAFKA__LEVEL: 'WARN',
  QUARKUS_HTTP_ACCESS_LOG_ENABLED: 'false',
} as const;

/** Starts the registry; it needs Kafka to answer, and may not answer itself yet when this resolves. */
export function startRegistry(options: RegistryOptions): Promise<Part> {
  return startProcess({
    name: 'registry',
    command: options.java,
    args: [
      ...jvmFlags({ heapMb: 256, archive: join(options.archives, 'registry.jsa'), temp: options.temp }),
      '-jar',
      join(options.home, 'quarkus-run.jar'),
    ],
    cwd: options.home,
    env: {
      ...REGISTRY_SETTINGS,
      APICURIO_KAFKASQL_BOOTSTRAP_SERVERS: options.brokers.join(','),
      QUARKUS_HTTP_HOST: LOOPBACK,
      QUARKUS_HTTP_PORT: String(options.port),
      QUARKUS_MANAGEMENT_HOST: LOOPBACK,
      QUARKUS_MANAGEMENT_PORT: String(options.managementPort),
      ...options.env,
    },
    logFile: options.logFile,
    port: options.port,
  });
}

/** Returns whether the registry at `url` answers. */
export async function registryAnswers(url: string): Promise<boolean> {
  const response = await fetch(`${url}/subjects`, { signal: AbortSignal.timeout(5_000) });
  await response.body?.cancel();
  return response.ok;
}
