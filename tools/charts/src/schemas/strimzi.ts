/** Strimzi's CustomResourceDefinitions, written by Strimzi's own generator from the types it publishes. */
import { findJava } from '@eda/platform';
import { mkdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { ChartError } from '../errors.ts';
import { runProgram } from '../run-program.ts';

/** The kinds of Strimzi by the class that each is made from. */
const CLASSES = {
  'kafka.Kafka': 'kafka',
  'nodepool.KafkaNodePool': 'node-pool',
  'topic.KafkaTopic': 'topic',
  'user.KafkaUser': 'user',
  'connect.KafkaConnect': 'connect',
  'connector.KafkaConnector': 'connector',
  'bridge.KafkaBridge': 'bridge',
  'mirrormaker2.KafkaMirrorMaker2': 'mirror-maker-2',
  'rebalance.KafkaRebalance': 'rebalance',
  'podset.StrimziPodSet': 'pod-set',
} as const;

const NO_MAVEN =
  'Maven fetches the definitions of Strimzi. Install it (Debian/Ubuntu: apt install maven; macOS: brew install maven).';

/** Returns the version that a pom pins. */
export function strimziVersion(pom: string): string {
  const [, version] = /<strimzi\.version>([^<]+)</.exec(readFileSync(pom, 'utf8')) ?? [];
  if (version === undefined) throw new ChartError(`${pom}: has no strimzi.version.`);
  return version;
}

/** Writes the definitions below `folder` and returns their files. Throws a `ChartError` with the reason and the way out. */
export async function generateStrimziDefinitions(
  pom: string,
  folder: string,
  signal: AbortSignal,
): Promise<string[]> {
  const java = await findJava();
  const jars = join(folder, 'jars');
  const fetched = await runProgram(
    'mvn',
    [
      '--batch-mode',
      '--strict-checksums',
      '--update-snapshots',
      '--quiet',
      `--file=${pom}`,
      `-Dout=${jars}`,
      'org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies',
    ],
    { signal, missing: NO_MAVEN, env: { ...process.env, JAVA_HOME: dirname(dirname(java.path)) } },
  );
  if (fetched.code !== 0) {
    throw new ChartError(
      `The definitions of Strimzi could not be fetched: ${reasonOf(fetched.stdout)}\n` +
        'Is there a network? Behind a proxy or with a mirror, set it in ~/.m2/settings.xml.',
    );
  }
  const version = strimziVersion(pom);
  const classPath = ['crd-generator', 'api']
    .map((name) => join(jars, `${name}-${version}.jar`))
    .join(delimiter);
  mkdirSync(join(folder, 'definitions'), { recursive: true });
  const files = Object.entries(CLASSES).map(
    ([name, file]) =>
      [`io.strimzi.api.kafka.model.${name}`, join(folder, 'definitions', `${file}.yaml`)] as const,
  );
  const generated = await runProgram(
    java.path,
    [
      '-cp',
      classPath,
      'io.strimzi.crdgenerator.CrdGenerator',
      '--api-versions',
      'v1',
      ...files.map(([name, file]) => `${name}=${file}`),
    ],
    { signal },
  );
  if (generated.code !== 0) {
    throw new ChartError(`The generator of Strimzi's definitions failed: ${reasonOf(generated.stderr)}`);
  }
  return files.map(([, file]) => file);
}

function reasonOf(output: string): string {
  const lines = output.split('\n').filter(Boolean);
  const error = lines.find((line) => line.startsWith('[ERROR]')) ?? lines[0] ?? 'no reason given';
  return error
    .replace(/^\[ERROR\] */, '')
    .replace(/ -> \[Help 1\].*/, '')
    .trim();
}
