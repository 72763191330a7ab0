/** Kafka as one process: broker and controller together (KRaft), on loopback, small and quick to start. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Part, startProcess } from './part.ts';
import { jvmFlags } from './jvm.ts';
import { formatStorage, kafkaArguments, writeProperties } from './kafka-program.ts';
import { kafkaSettings } from './kafka-settings.ts';
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
  writeProperties(properties, settings);
  if (!existsSync(join(logDir, 'meta.properties'))) {
    const clusterId = randomBytes(16).toString('base64url');
    await formatStorage({ ...options, properties, clusterId });
  }
  return await startProcess({
    name: 'Kafka',
    command: options.java,
    args: kafkaArguments(
      options.home,
      jvmFlags({ heapMb: 384, archive: join(options.archives, 'kafka.jsa'), temp: options.temp }),
      'kafka.Kafka',
      properties,
    ),
    logFile: options.logFile,
    port: options.port,
  });
}
