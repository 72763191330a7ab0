/** A Kafka cluster of several brokers as processes of this machine, whose nodes can be stopped, killed, paused and started again. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findJava } from './java.ts';
import { jvmFlags } from './jvm.ts';
import { createClusterNode, type KafkaNode, type NodeRecipe } from './kafka-cluster-node.ts';
import {
  BROKER_LISTENER,
  CLIENT_LISTENER,
  type ClusterLayout,
  clusterNodeSettings,
  CONTROLLER_LISTENER,
  type ListenerProtocol,
  type NodeLayout,
} from './kafka-cluster-settings.ts';
import { livingBrokers } from './kafka-probe.ts';
import { formatStorage, kafkaArguments, type KafkaProperties, writeProperties } from './kafka-program.ts';
import { PlatformError } from './errors.ts';
import { freePorts, LOOPBACK } from './ports.ts';
import { endLeftovers, openLedger } from './process-ledger.ts';
import type { OnProgress } from './progress.ts';
import { together } from './providers/provider.ts';
import { ensureRuntime } from './runtime.ts';
import { pause } from './wait.ts';

export interface KafkaClusterOptions {
  /**
   * For data and logs; made here, and removed at the end. Must not exist yet, or be empty of a cluster, or have that of a
   * process that was killed: its nodes are ended then.
   */
  readonly folder: string;
  /** 3 when absent. */
  readonly brokers?: number;
  /** `separate`: one controller process beside the brokers, so that all brokers but one may end; `combined` when absent. */
  readonly controllers?: 'combined' | 'separate';
  /** Added to `server.properties` of every node, before our own values. */
  readonly settings?: KafkaProperties;
  /** More arguments of the storage tool, for example `--add-scram`. */
  readonly formatArgs?: readonly string[];
  /** More listeners for clients, by name, with their protocol; what they need besides goes into `settings`. */
  readonly listeners?: Readonly<Record<string, ListenerProtocol>>;
  /** Where clients shall reach a broker's listener `CLIENT`, for a proxy in front of it. */
  readonly advertise?: (node: { id: number; port: number }) => ClientAddress | Promise<ClientAddress>;
  /** Names under which clients reach a listener instead of by loopback, on the same port; by listener. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Memory of each node's heap; 320 when absent. */
  readonly heapMb?: number;
  /** Compiles for throughput; without, nodes start quicker and need less. */
  readonly fullCompiler?: boolean;
  /** More flags for the JVM of each node. */
  readonly jvmFlags?: readonly string[];
  /** Leaves data and logs in the folder at the end, and ends in order. */
  readonly keep?: boolean;
  readonly onProgress?: OnProgress;
  /** Breaks off the start; nothing is left running then. */
  readonly signal?: AbortSignal;
}

export interface ClientAddress {
  readonly host: string;
  readonly port: number;
}

/** A program and its arguments. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

export interface KafkaCluster extends AsyncDisposable {
  /** `host:port` of each broker as clients reach it. */
  readonly brokers: string[];
  readonly nodes: readonly KafkaNode[];
  /** Where there is a separate one. */
  readonly controller?: KafkaNode;
  /** Folder of the nodes' logs. */
  readonly logs: string;
  /** One of Kafka's own programs, by main class, on the same jars. */
  java(mainClass: string, ...args: string[]): Command;
  /** Resolves when every broker that runs knows all of those. */
  settled(): Promise<void>;
  /** Ends every node; the folder is removed unless it shall be kept. */
  stop(): Promise<void>;
}

const FIRST_CONTROLLER = 101;

/**
 * Resolves when all brokers serve clients: replication factor 3 and two in-sync replicas for every topic, no topic is made by
 * accident, everything on loopback. Rejects with a `PlatformError` that says why not; nothing is left running then.
 */
export async function startKafkaCluster(options: KafkaClusterOptions): Promise<KafkaCluster> {
  const {
    brokers: count = 3,
    controllers = 'combined',
    onProgress = () => undefined,
    signal = new AbortController().signal,
  } = options;
  const folder = resolve(options.folder);
  const logs = join(folder, 'logs');
  await takeOver(folder, onProgress);
  if (existsSync(join(folder, 'data')))
    throw new PlatformError(`${folder} has the data of another cluster. Remove it, or name another folder.`);
  const java = await findJava();
  const runtime = await ensureRuntime({ java: java.path, onProgress, signal });
  const existed = existsSync(folder);
  const layout = await planCluster(options, count, controllers);
  const ledger = openLedger(folder, options.keep);
  const nodes: KafkaNode[] = [];

  const flags = (nodeFolder: string) =>
    jvmFlags({
      heapMb: options.heapMb ?? 320,
      archive: join(runtime.archives, 'kafka.jsa'),
      archiveIsReadOnly: true,
      fullCompiler: options.fullCompiler ?? false,
      temp: join(nodeFolder, 'temp'),
    });
  const makeNode = async (node: NodeLayout, clusterId: string): Promise<KafkaNode> => {
    const nodeFolder = join(folder, 'data', `node-${node.id}`);
    const properties = join(nodeFolder, 'server.properties');
    mkdirSync(join(nodeFolder, 'temp'), { recursive: true });
    writeProperties(properties, {
      ...clusterNodeSettings(node, layout.cluster, join(nodeFolder, 'log')),
      ...options.settings,
    });
    await formatStorage({
      java: java.path,
      home: runtime.kafkaHome,
      properties,
      clusterId,
      flags: flags(nodeFolder),
      args: options.formatArgs ?? [],
    });
    signal.throwIfAborted();
    const recipe: NodeRecipe = {
      id: node.id,
      ports: node.ports,
      command: java.path,
      args: kafkaArguments(
        runtime.kafkaHome,
        [...flags(nodeFolder), ...(options.jvmFlags ?? [])],
        'kafka.Kafka',
        properties,
      ),
      logFolder: logs,
      isBroker: node.roles.includes('broker'),
      onStart: (started) => ledger.add(started),
    };
    const made = createClusterNode(recipe);
    nodes.push(made);
    return made;
  };
  const stop = async () => {
    await Promise.all(nodes.map((node) => (options.keep ? node.stop() : node.kill())));
    ledger.close();
    if (options.keep) return;
    for (const name of existed ? ['data', 'logs'] : [''])
      rmSync(join(folder, name), { recursive: true, force: true });
  };
  const settled = async (patience: AbortSignal) => {
    const running = nodes.filter(({ isBroker, running: runs }) => isBroker && runs);
    const seen = async (node: KafkaNode) => {
      const known = await livingBrokers(node.internalAddress);
      return known.length === running.length && running.every(({ id }) => known.includes(id));
    };
    while (!(await Promise.all(running.map(seen))).every(Boolean)) await pause(50, patience);
  };

  try {
    const clusterId = randomBytes(16).toString('base64url');
    await together(
      signal,
      layout.nodes.map((node) => async (either) => (await makeNode(node, clusterId)).start(either)),
    );
    await settled(signal);
  } catch (error) {
    await stop();
    throw error;
  }
  nodes.sort((a, b) => a.id - b.id);
  const controller = nodes.find(({ isBroker }) => !isBroker);
  return {
    brokers: layout.nodes
      .filter(({ roles }) => roles.includes('broker'))
      .map(
        ({ advertised, ports }) =>
          advertised[CLIENT_LISTENER] ?? `${LOOPBACK}:${ports[CLIENT_LISTENER] ?? 0}`,
      ),
    nodes: nodes.filter(({ isBroker }) => isBroker),
    ...(controller === undefined ? {} : { controller }),
    logs,
    java: (mainClass, ...args) => ({
      command: java.path,
      // What a program prints is its result; the log of the client in it would stand in between.
      args: ['-Dlog4j2.level=OFF', '-cp', join(runtime.kafkaHome, '*'), mainClass, ...args],
    }),
    settled: () => settled(AbortSignal.timeout(120_000)),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Ends what a process that was killed has left in the folder, and removes its data unless they were to be kept. */
async function takeOver(folder: string, onProgress: OnProgress): Promise<void> {
  const left = await endLeftovers(folder);
  if (left === undefined) return;
  if (left.ownerRuns)
    throw new PlatformError(
      `Process ${left.owner} runs a cluster in ${folder}. Stop it, or name another folder.`,
    );
  for (const { name, pid } of left.ended)
    onProgress({
      kind: 'note',
      text: `Ended ${name} (process ${pid}), which process ${left.owner} had left behind.`,
    });
  if (left.keep) return;
  for (const name of ['data', 'logs']) rmSync(join(folder, name), { recursive: true, force: true });
}

async function planCluster(
  options: KafkaClusterOptions,
  count: number,
  controllers: 'combined' | 'separate',
): Promise<{ cluster: ClusterLayout; nodes: NodeLayout[] }> {
  const extra = options.listeners ?? {};
  const clientListeners = [CLIENT_LISTENER, BROKER_LISTENER, ...Object.keys(extra)];
  const combined = controllers === 'combined';
  const listenersOf = combined ? [...clientListeners, CONTROLLER_LISTENER] : clientListeners;
  const ports = await freePorts(count * listenersOf.length + 1);
  const take = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, ports.pop() ?? 0]));
  const nodes: NodeLayout[] = [];
  for (let id = 1; id <= count; id++) {
    const own = take(listenersOf);
    const address = await options.advertise?.({ id, port: own[CLIENT_LISTENER] ?? 0 });
    const named: [string, string][] = Object.entries(options.hosts ?? {}).map(([name, host]) => [
      name,
      `${host}:${own[name] ?? 0}`,
    ]);
    nodes.push({
      id,
      roles: combined ? ['broker', 'controller'] : ['broker'],
      ports: own,
      advertised: {
        ...Object.fromEntries<string>(named),
        ...(address ? { [CLIENT_LISTENER]: `${address.host}:${address.port}` } : {}),
      },
    });
  }
  if (!combined)
    nodes.push({
      id: FIRST_CONTROLLER,
      roles: ['controller'],
      ports: take([CONTROLLER_LISTENER]),
      advertised: {},
    });
  return {
    nodes,
    cluster: {
      brokers: count,
      voters: nodes
        .filter(({ roles }) => roles.includes('controller'))
        .map((node) => `${node.id}@${LOOPBACK}:${node.ports[CONTROLLER_LISTENER] ?? 0}`),
      protocols: {
        [CLIENT_LISTENER]: 'PLAINTEXT',
        [BROKER_LISTENER]: 'PLAINTEXT',
        [CONTROLLER_LISTENER]: 'PLAINTEXT',
        ...extra,
      },
    },
  };
}
