/** Reads a whole topic with Kafka's own console consumer: what judges the client under test is not that client. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { KafkaCluster } from '@eda/platform';
import type { LoggedRecord } from './oracle.ts';

/** Stands in no header and no key. */
const SEPARATOR = '\u001e';

/** Returns `count` records of the topic, uncommitted ones included, sorted by partition and offset. */
export async function readLog(cluster: KafkaCluster, topic: string, count: number): Promise<LoggedRecord[]> {
  if (count === 0) return [];
  const properties = ['print.partition', 'print.offset', 'print.headers', 'print.key'];
  const { command, args } = cluster.java(
    'org.apache.kafka.tools.consumer.ConsoleConsumer',
    '--bootstrap-server',
    cluster.nodes.map(({ internalAddress }) => internalAddress).join(','),
    '--topic',
    topic,
    '--from-beginning',
    '--isolation-level',
    'read_uncommitted',
    '--max-messages',
    String(count),
    // It waits no longer when there is less than was asked for.
    '--timeout-ms',
    '20000',
    ...properties.flatMap((name) => ['--formatter-property', `${name}=true`]),
    '--formatter-property',
    'print.value=false',
    // Headers may have line breaks in them: a dead letter has a stack.
    '--formatter-property',
    `line.separator=${SEPARATOR}`,
  );
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (complaint = (complaint + text).slice(-2000)));
  const ended = once(child, 'close') as Promise<[number | null]>;
  const records: LoggedRecord[] = [];
  let unread: string | undefined;
  let rest = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    const lines = (rest + String(text)).split(SEPARATOR);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const record = parseRecord(line);
      if (record === undefined) unread ??= line;
      else records.push(record);
    }
  }
  await ended;
  if (records.length !== count)
    throw new Error(
      `${topic} has ${count} records by its offsets, ${records.length} were read: ${(unread ?? complaint).trim().slice(-300)}`,
    );
  return records.sort((a, b) => a.partition - b.partition || (a.offset < b.offset ? -1 : 1));
}

/** Reads a line of the console consumer; undefined for any other. */
export function parseRecord(line: string): LoggedRecord | undefined {
  const [, partition, offset, headers = '', key = ''] =
    /^Partition:(\d+)\tOffset:(\d+)\t([^]*)\t([^\t]*)$/.exec(line) ?? [];
  if (partition === undefined || offset === undefined) return undefined;
  const id = /(?:^|,)ce_id:([^,]*)/.exec(headers)?.[1] ?? '';
  return { partition: Number(partition), offset: BigInt(offset), id, key };
}
