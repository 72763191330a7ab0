/** Kafka as one process: broker and controller together (KRaft), on loopback, small and quick to start. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Part, startProcess } from './part.ts';
import { PlatformError } from './errors.ts';
import { jvmFlags } from './jvm.ts';
import { kafkaSettings } from './kafka-settings.ts';
import { RUNTIME_FILES } from './paths.ts';
import { LOOPBACK } from './ports.ts';

export interface KafkaOptions {
  readonly java: string;
  /** Folder with the jars. */
  readonly home: string;
  /** Folder for class archives that make later starts quicker. */
  readonly archives: string;
  readonly dataFolder: string;
  readonly temp: string;
  readonly logFile: string;
  readonly port: number;
  readonly controllerPort: number;
}

/** Starts Kafka, formatting its storage first when there is none; it may not answer yet when this resolves. */
export async function startKafka(options: KafkaOptions): Promise<Part> {
  const logDir = join(options.dataFolder, 'log');
  const properties = join(options.dataFolder, 'server.properties');
  mkdirSync(options.dataFolder, { recursive: true });
  const address = `${LOOPBACK}:${options.port}`;
  const controller = `${LOOPBACK}:${options.controllerPort}`;
  const settings = kafkaSettings({
    listeners: { HOST: address, CONTROLLER: controller },
    advertised: { HOST: address },
    interBroker: 'HOST',
    controller,
    logDir,
  });
  writeFileSync(
    properties,
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
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
    const format = java(
      ['-XX:TieredStopAtLevel=1'],
      'kafka.tools.StorageTool',
      'format',
      // One word: the id may begin with a dash.
      `--cluster-id=${clusterId}`,
      `--config=${properties}`,
    );
    await promisify(execFile)(options.java, format).catch((error: unknown) => {
      const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string };
      throw new PlatformError(
        `Kafka's storage in ${logDir} could not be prepared:\n${(stderr || stdout).trim()}`,
      );
    });
  }
  return await startProcess({
    name: 'Kafka',
    command: options.java,
    args: java(
      jvmFlags({ heapMb: 384, archive: join(options.archives, 'kafka.jsa'), temp: options.temp }),
      'kafka.Kafka',
      properties,
    ),
    logFile: options.logFile,
    port: options.port,
  });
}
