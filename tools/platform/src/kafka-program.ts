/** How Kafka's own programs are called on the jars of the runtime, and how a node's storage is made. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PlatformError } from './errors.ts';
import { RUNTIME_FILES } from './paths.ts';

/** Content of `server.properties`. */
export type KafkaProperties = Readonly<Record<string, string | number | boolean>>;

/** Returns the arguments of `java` for one of Kafka's main classes; `home` is the folder with the jars. */
export function kafkaArguments(
  home: string,
  flags: readonly string[],
  mainClass: string,
  ...args: string[]
): string[] {
  return [
    ...flags,
    `-Dlog4j2.configurationFile=${join(RUNTIME_FILES, 'log4j2.properties')}`,
    '-cp',
    join(home, '*'),
    mainClass,
    ...args,
  ];
}

/** Writes settings as a properties file. */
export function writeProperties(file: string, settings: KafkaProperties): void {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(file, lines.join(''));
}

export interface FormatStorageOptions {
  readonly java: string;
  readonly home: string;
  readonly properties: string;
  readonly clusterId: string;
  readonly flags?: readonly string[];
  /** More arguments of the storage tool, for example `--add-scram`. */
  readonly args?: readonly string[];
}

/** Makes the storage that the properties name. Throws a `PlatformError` with the tool's own words when it cannot. */
export async function formatStorage(options: FormatStorageOptions): Promise<void> {
  const { java, home, properties, clusterId, flags = ['-XX:TieredStopAtLevel=1'], args = [] } = options;
  const command = kafkaArguments(
    home,
    flags,
    'kafka.tools.StorageTool',
    'format',
    // One word: the id may begin with a dash.
    `--cluster-id=${clusterId}`,
    `--config=${properties}`,
    ...args,
  );
  await promisify(execFile)(java, command).catch((error: unknown) => {
    const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string };
    throw new PlatformError(
      `Kafka's storage in ${dirname(properties)} could not be prepared:\n${(stderr || stdout).trim()}`,
    );
  });
}
