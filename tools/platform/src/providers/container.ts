/** The same servers as containers, where a container engine answers on this machine. */
import { createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { StartedNetwork } from 'testcontainers';
import { textOf } from '../errors.ts';
import { kafkaAnswers } from '../kafka-probe.ts';
import { kafkaSettings } from '../kafka-settings.ts';
import { lastLinesOf, type Part } from '../part.ts';
import { LOOPBACK } from '../ports.ts';
import { postgresAnswers } from '../postgres.ts';
import { REGISTRY_SETTINGS, registryAnswers, registryUrl } from '../registry.ts';
import type { PartName } from '../state.ts';
import { type Provider, type ProviderContext, together } from './provider.ts';

export const IMAGES = {
  Kafka: 'apache/kafka:4.3.1',
  registry: 'apicurio/apicurio-registry:3.3.3',
  PostgreSQL: 'postgres:18',
} as const satisfies Record<PartName, string>;

/** Only reachable from this machine. */
const DATABASE_PASSWORD = 'postgres';

/** What one container is started with. */
export interface ContainerSpec {
  readonly image: string;
  /** The name by which the other containers reach it. */
  readonly alias: string;
  readonly env: Readonly<Record<string, string>>;
  readonly containerPort: number;
  readonly hostPort: number;
  readonly command?: readonly string[];
  /** Named volume for the data and where it is mounted; absent for data that goes with the container. */
  readonly volume?: { readonly name: string; readonly path: string };
}

/** Returns what the three containers of `instance` are started with. */
export function containerSpecs(
  context: Pick<ProviderContext, 'instance' | 'ports' | 'ephemeral'>,
): Record<PartName, ContainerSpec> {
  const { instance, ports, ephemeral } = context;
  const volume = (name: string, path: string) =>
    ephemeral ? {} : { volume: { name: `eda-blueprint-${instance}-${name}`, path } };
  const kafka = kafkaSettings({
    // Clients on the host and the registry beside it need different names for the same broker.
    listeners: { HOST: `0.0.0.0:9092`, NETWORK: '0.0.0.0:19092', CONTROLLER: '0.0.0.0:9093' },
    advertised: { HOST: `${LOOPBACK}:${ports.kafka}`, NETWORK: 'kafka:19092' },
    interBroker: 'NETWORK',
    controller: 'localhost:9093',
    logDir: '/var/lib/kafka/data/log',
  });
  return {
    Kafka: {
      image: IMAGES.Kafka,
      alias: 'kafka',
      env: {
        ...Object.fromEntries(
          Object.entries(kafka).map(([name, value]) => [
            `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`,
            String(value),
          ]),
        ),
        KAFKA_HEAP_OPTS: '-Xmx384m',
      },
      containerPort: 9092,
      hostPort: ports.kafka,
      ...volume('kafka', '/var/lib/kafka/data'),
    },
    registry: {
      image: IMAGES.registry,
      alias: 'registry',
      env: {
        ...REGISTRY_SETTINGS,
        APICURIO_KAFKASQL_BOOTSTRAP_SERVERS: 'kafka:19092',
        JAVA_OPTS_APPEND: '-Xmx256m',
      },
      containerPort: 8080,
      hostPort: ports.registry,
    },
    PostgreSQL: {
      image: IMAGES.PostgreSQL,
      alias: 'postgres',
      env: { POSTGRES_PASSWORD: DATABASE_PASSWORD },
      containerPort: 5432,
      hostPort: ports.database,
      command: [
        'postgres',
        '-c',
        'max_connections=200',
        ...(ephemeral ? ['-c', 'fsync=off', '-c', 'full_page_writes=off'] : []),
      ],
      // Since 18, the image keeps a folder per major version below this one.
      ...volume('postgres', '/var/lib/postgresql'),
    },
  };
}

/** Returns why no container engine can be used, or undefined when one answers. Quick when there is no trace of any. */
export async function containerEngineProblem(
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const { DOCKER_HOST, XDG_RUNTIME_DIR } = env;
  const sockets = [
    '/var/run/docker.sock',
    join(homedir(), '.docker/run/docker.sock'),
    join(homedir(), '.colima/default/docker.sock'),
    ...(XDG_RUNTIME_DIR
      ? [join(XDG_RUNTIME_DIR, 'docker.sock'), join(XDG_RUNTIME_DIR, 'podman/podman.sock')]
      : []),
    join(homedir(), '.testcontainers.properties'),
  ];
  if (!DOCKER_HOST && !sockets.some((socket) => existsSync(socket))) {
    return 'DOCKER_HOST is not set and no socket was found where Docker, Podman or Colima have theirs.';
  }
  try {
    const { getContainerRuntimeClient } = await import('testcontainers');
    const { info } = await getContainerRuntimeClient();
    const { host } = info.containerRuntime;
    return host === 'localhost' || host === LOOPBACK
      ? undefined
      : `the engine runs on another machine (${host}).`;
  } catch (error) {
    return `none answers (${textOf(error)}).`;
  }
}

/** Returns the provider; a container engine must answer. */
export function createContainerProvider(): Provider {
  let network: StartedNetwork | undefined;
  return {
    name: 'container',
    usesPorts: true,
    async start(context) {
      const specs = containerSpecs(context);
      if (context.fresh) await removeVolumes(Object.values(specs));
      const { Network } = await import('testcontainers');
      const own = await new Network().start();
      network = own;
      const { ports } = context;
      const broker = `${LOOPBACK}:${ports.kafka}`;
      const database = `postgresql://postgres:${DATABASE_PASSWORD}@${LOOPBACK}:${ports.database}/postgres`;
      const run = (name: PartName, answers: () => Promise<boolean>, signal: AbortSignal) =>
        context.run(
          name,
          {
            start: () => startContainer(name, specs[name], own, join(context.paths.logs, `${name}.log`)),
            answers,
          },
          signal,
        );

      await together(context.signal, [
        (signal) => run('PostgreSQL', () => postgresAnswers(database), signal),
        async (signal) => {
          await run('Kafka', () => kafkaAnswers(broker), signal);
          await run('registry', () => registryAnswers(registryUrl(ports.registry)), signal);
        },
      ]);
      return {
        kafka: { brokers: [broker] },
        registry: { url: registryUrl(ports.registry) },
        database: { url: database },
      };
    },
    async cleanUp() {
      await network?.stop();
    },
  };
}

async function startContainer(
  name: PartName,
  spec: ContainerSpec,
  network: StartedNetwork,
  logFile: string,
): Promise<Part> {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers');

  /** Testcontainers publishes ports on all addresses of the host; ours are for this machine only. */
  class LoopbackContainer extends GenericContainer {
    protected override beforeContainerCreated(): Promise<void> {
      this.hostConfig.PortBindings = {
        [`${spec.containerPort}/tcp`]: [{ HostIp: LOOPBACK, HostPort: String(spec.hostPort) }],
      };
      return Promise.resolve();
    }
  }

  mkdirSync(join(logFile, '..'), { recursive: true });
  const log = createWriteStream(logFile);
  const container = new LoopbackContainer(spec.image)
    .withNetwork(network)
    .withNetworkAliases(spec.alias)
    .withEnvironment(spec.env)
    .withExposedPorts({ container: spec.containerPort, host: spec.hostPort })
    .withLogConsumer((stream) => stream.pipe(log))
    // Answering is asked for by the supervisor, with the same questions for every provider.
    .withWaitStrategy(Wait.forListeningPorts());
  if (spec.command) container.withCommand([...spec.command]);
  if (spec.volume) container.withBindMounts([{ source: spec.volume.name, target: spec.volume.path }]);
  const started = await container.start();

  const { container: client } = await getContainerRuntimeClient();
  const handle = client.getById(started.getId());
  const ended = handle.wait().then(
    ({ StatusCode }: { StatusCode: number }) => ({ how: `ended with exit code ${StatusCode}`, asked: false }),
    (error: unknown) => ({ how: `is gone: ${textOf(error)}`, asked: false }),
  );
  return {
    name,
    ended,
    lastLines: () => lastLinesOf(logFile),
    async stop(deadlineMs = 30_000) {
      await started.stop({ timeout: deadlineMs });
      await ended;
    },
    kill: () => void started.stop({ timeout: 0 }).catch(() => undefined),
  };
}

async function removeVolumes(specs: readonly ContainerSpec[]): Promise<void> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  const { dockerode } = (await getContainerRuntimeClient()).container;
  for (const { volume } of specs) {
    if (!volume) continue;
    await dockerode
      .getVolume(volume.name)
      .remove()
      .catch((error: unknown) => {
        if ((error as { statusCode?: number }).statusCode !== 404) throw error;
      });
  }
}
