import type { ClientReader, KafkaClient } from './client-types.ts';
import { describeDeadLetter, REDRIVEN_HEADER, redrivenPlace, withoutReason } from './dead-letter.ts';
import { RedriveRefused, UnknownTopic } from './errors.ts';
import type { Producer, RawRecord, RecordMetadata } from './types.ts';

const MAX_WAIT_MS = 500;

export interface RedriveOptions {
  readonly client: KafkaClient;
  readonly producer: Producer;
  readonly deadLetterTopic: string;
  readonly partition: number;
  readonly offset: bigint;
}

async function* readToEnd(
  reader: ClientReader,
  topic: string,
  partition: number,
  from: bigint,
  end: bigint,
): AsyncGenerator<RawRecord> {
  for (let offset = from; offset < end;) {
    const [result] = await reader.fetch([{ topic, partition, offset }], MAX_WAIT_MS);
    if (result === undefined) return;
    yield* result.records;
    offset = result.next > offset ? result.next : offset + 1n;
  }
}

/** The dead letter, after making sure that nobody has put it back before. */
async function findDeadLetter(
  reader: ClientReader,
  { deadLetterTopic: topic, partition, offset }: RedriveOptions,
): Promise<RawRecord> {
  const place = `${topic} ${partition}:${offset}`;
  const bounds = (await reader.bounds(topic)).find((one) => one.partition === partition);
  const notFound = new RedriveRefused(`there is no dead letter at ${place}`, 'DEAD_LETTER_NOT_FOUND');
  if (bounds === undefined || offset < bounds.start || offset >= bounds.end) throw notFound;
  let found: RawRecord | undefined;
  for await (const record of readToEnd(reader, topic, partition, offset, bounds.end)) {
    if (record.offset === offset) found = record;
    else if (found === undefined) throw notFound;
    const marker = redrivenPlace(record);
    if (marker?.partition === partition && marker.offset === offset) {
      throw new RedriveRefused(`the dead letter at ${place} was already put back`, 'ALREADY_REDRIVEN');
    }
  }
  if (found === undefined) throw notFound;
  return found;
}

/**
 * Puts one dead letter back to the end of the topic it came from, with key, value and headers as they were, and then writes a
 * marker behind it in the dead-letter topic. Refuses with `RedriveRefused` what is not there, is no dead letter, or was put
 * back before. A crash between the two writes can put it back twice; consumers with an inbox handle it once.
 */
export async function redrive(options: RedriveOptions): Promise<RecordMetadata> {
  const { client, producer, deadLetterTopic, partition, offset } = options;
  const reader = client.reader();
  await reader.connect();
  let record: RawRecord;
  try {
    record = await findDeadLetter(reader, options);
  } catch (error) {
    if (error instanceof UnknownTopic)
      throw new RedriveRefused(`there is no topic ${deadLetterTopic}`, 'DEAD_LETTER_NOT_FOUND');
    throw error;
  } finally {
    await reader.disconnect();
  }
  const letter = describeDeadLetter(record);
  if (letter.kind !== 'dead-letter') {
    throw new RedriveRefused(
      `the record at ${deadLetterTopic} ${partition}:${offset} is not a dead letter`,
      'NOT_A_DEAD_LETTER',
    );
  }
  const metadata = await producer.send({
    topic: letter.topic,
    key: record.key,
    value: record.value,
    headers: withoutReason(record.headers),
  });
  await producer.send({
    topic: deadLetterTopic,
    partition,
    key: record.key,
    value: null,
    headers: { [REDRIVEN_HEADER]: `${partition}:${offset}` },
  });
  return metadata;
}
