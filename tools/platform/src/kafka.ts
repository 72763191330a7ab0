/** Kafka as one process: broker and controller together (KRaft), on loopback, small and quick to start. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Child, startChild } from './child.ts';
import { PlatformError } from './errors.ts';
import { jvmFlags } from './jvm.ts';
import { RUNTIME_FILES } from './paths.ts';
import { LOOPBACK } from './ports.ts';

export interface KafkaOptions {
  readonly java: string;
  /** Folder with the jars. */
  readonly home: string;
  /** Folder for class archives that make later starts quicker. */
  readonly archives: string;
  readonly dataFolder: string;
  readonly logFile: string;
  readonly port: number;
  readonly controllerPort: number;
}

/** Starts Kafka, formatting its storage first when there is none; it may not answer yet when this resolves. */
export async function startKafka(options: KafkaOptions): Promise<Child> {
  const logDir = join(options.dataFolder, 'log');
  const properties = join(options.dataFolder, 'server.properties');
  mkdirSync(options.dataFolder, { recursive: true });
  writeFileSync(properties, serverProperties(options.port, options.controllerPort, logDir));
  const java = (flags: string[], mainClass: string, ...args: string[]) => [
    ...flags,
    `-Dlog4j2.configurationFile=${join(RUNTIME_FILES, 'log4j2.properties')}`,
    '-cp',
    join(options.home, '*'),
    mainClass,
    ...args,
  ];

  if (!existsSync(join(logDir, 'meta.properties'))) {
    const clusterId = randomBytes(16).toString('base64url');
    const format = java(['-XX:TieredStopAtLevel=1'], 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties);
    await promisify(execFile)(options.java, format).catch((error: unknown) => {
      const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string };
      throw new PlatformError(`Kafka's storage in ${logDir} could not be prepared:\n${(stderr || stdout).trim()}`);
    });
  }
  return await startChild({
    name: 'Kafka',
    command: options.java,
    args: java(jvmFlags({ heapMb: 384, archive: join(options.archives, 'kafka.jsa') }), 'kafka.Kafka', properties),
    logFile: options.logFile,
    port: options.port,
  });
}

function serverProperties(port: number, controllerPort: number, logDir: string): string {
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${LOOPBACK}:${controllerPort}`,
    listeners: `PLAINTEXT://${LOOPBACK}:${port},CONTROLLER://${LOOPBACK}:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${LOOPBACK}:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': logDir,

    // Topics come from the contracts; a misspelt name must fail, not appear.
    'auto.create.topics.enable': false,

    // One broker.
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'min.insync.replicas': 1,

    // A developer waits for every one of these.
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.num.partitions': 1,

    // Kafka sizes itself for a server; the cleaner alone would take 128 MB of heap.
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'num.recovery.threads.per.data.dir': 2,
    'background.threads': 2,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
