/** Reads a whole topic back, for the gate. */
import { createTail, type KafkaClient } from '@eda/kafka';
import { pino } from 'pino';
import { sequenceOf } from './bench-event.ts';
import { countAt } from './gate.ts';

export interface LogContent {
  /** How often each number stands in the log. */
  readonly found: Uint8Array;
  /** Records that have no number of this run. */
  readonly foreign: number;
  readonly records: number;
}

/** Counts the numbers of all records that are in `topic` now; numbers lie below `limit`. */
export async function readLog(client: KafkaClient, topic: string, limit: number): Promise<LogContent> {
  const found = new Uint8Array(limit);
  let foreign = 0;
  let records = 0;
  const tail = createTail({
    client,
    topics: [{ topic, from: 'beginning' }],
    logger: pino({ level: 'silent' }),
    onRecord: ({ value }) => {
      records += 1;
      if (!countAt(found, sequenceOf(value))) foreign += 1;
    },
  });
  await tail.start();
  try {
    await tail.caughtUp;
  } finally {
    await tail.stop();
  }
  return { found, foreign, records };
}
