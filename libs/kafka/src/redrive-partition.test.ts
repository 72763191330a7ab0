import { expect, it } from 'vitest';
import type { ClientReader } from './client-types.ts';
import { deadLetterTopic, toDeadLetter } from './dead-letter.ts';
import { PartitionRun } from './redrive-partition.ts';
import { DeadLetterScan } from './redrive-scan.ts';
import type { OutgoingRecord, Producer, RawRecord } from './types.ts';

const TOPIC = deadLetterTopic('t', 'g');

/** A dead-letter topic of one partition, and what was written to the topic it belongs to. */
function logOf(letters: readonly OutgoingRecord[]) {
  const log: (RawRecord | undefined)[] = [];
  const putBack: OutgoingRecord[] = [];
  const append = (record: OutgoingRecord) => {
    const at = { topic: record.topic, partition: 0, offset: BigInt(log.length) };
    if (record.topic !== TOPIC) {
      putBack.push(record);
      return { ...at, offset: BigInt(putBack.length) };
    }
    const headers = Object.entries(record.headers).map(([name, value]) => [
      name,
      Buffer.from(value as string),
    ]);
    log.push({
      ...at,
      timestamp: new Date(),
      key: record.key,
      value: record.value,
      headers: Object.fromEntries(headers) as RawRecord['headers'],
    });
    return at;
  };
  for (const letter of letters) append(letter);
  const reader = {
    bounds: () => Promise.resolve([{ partition: 0, start: 0n, end: BigInt(log.length) }]),
    fetch: ([{ offset }]: [{ offset: bigint }]) =>
      Promise.resolve([
        {
          records: log.filter((record) => record !== undefined && record.offset >= offset),
          next: BigInt(log.length),
          logEnd: BigInt(log.length),
        },
      ]),
  } as unknown as ClientReader;
  const producer = {
    send: (record: OutgoingRecord) => Promise.resolve(append(record)),
    sendMany: (records: OutgoingRecord[]) =>
      Promise.resolve(records.map((record) => ({ status: 'fulfilled', value: append(record) }))),
  } as unknown as Producer;
  return { log, putBack, reader, producer };
}

it('puts back what is left when the last of the selected letters was compacted away in the meantime', async () => {
  const reason = {
    groupId: 'g',
    stage: 'handler',
    error: new Error('no'),
    attempts: 1,
    failedAt: new Date(),
  };
  const record = { topic: 't', partition: 0, timestamp: new Date(), key: null, headers: {} };
  const { log, putBack, reader, producer } = logOf(
    [0n, 1n, 2n].map((offset) =>
      toDeadLetter({ ...record, offset, value: Buffer.from(`${offset}`) }, reason),
    ),
  );
  const scan = new DeadLetterScan(TOPIC, 0, 0n, 60_000);
  await scan.readTo(reader, 3n);
  const run = new PartitionRun(reader, producer, scan, 60_000);
  expect(await run.begin()).toBe(true);
  log[2] = undefined;

  const placed: number[] = [];
  const outcome = await run.putBack(new Set([0n, 1n, 2n]), undefined, (done) => placed.push(done.length));

  expect(outcome).toBe('done');
  expect(placed).toEqual([2]);
  expect(putBack.map(({ value }) => value?.toString())).toEqual(['0', '1']);
});
