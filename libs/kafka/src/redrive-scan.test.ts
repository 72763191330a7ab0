import { expect, it } from 'vitest';
import type { ClientReader, ReadResult } from './client-types.ts';
import { readRange } from './redrive-scan.ts';
import type { RawRecord } from './types.ts';

const PLACE = { topic: 't', partition: 0 };
const at = (offset: bigint): RawRecord => ({
  ...PLACE,
  offset,
  timestamp: new Date(0),
  key: null,
  value: null,
  headers: {},
});

/** A reader of a log with these records whose end is, at each fetch, the next of `logEnds`, and then the last of them. */
function readerOf(offsets: readonly bigint[], logEnds: bigint[]): ClientReader {
  return {
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    bounds: () => Promise.resolve([]),
    fetch: ([position]) => {
      const from = position?.offset ?? 0n;
      const logEnd = (logEnds.length > 1 ? logEnds.shift() : logEnds[0]) ?? 0n;
      const records = offsets.filter((offset) => offset === from && offset < logEnd).map(at);
      const result: ReadResult = { ...PLACE, records, next: from + BigInt(records.length), logEnd };
      return Promise.resolve([result]);
    },
  };
}
async function read(reader: ClientReader, end: bigint): Promise<bigint[]> {
  const offsets: bigint[] = [];
  for await (const { offset } of readRange(reader, PLACE, 0n, end)) offsets.push(offset);
  return offsets;
}

it('waits for what a new leader does not show yet, instead of passing it over', async () => {
  expect(await read(readerOf([0n, 1n, 2n], [3n, 1n, 1n, 3n]), 3n)).toEqual([0n, 1n, 2n]);
});

it('passes over what compaction has left out', async () => {
  expect(await read(readerOf([0n, 3n], [4n]), 4n)).toEqual([0n, 3n]);
});

it('says so when the log has lost its end', async () => {
  await expect(read(readerOf([0n], [1n]), 3n)).rejects.toThrow('t 0 ends at 1 now, and was at 3 before');
});
