import type { KafkaRecord, RecordsBatch } from '@platformatic/kafka';
import type { RawHeaders, RawRecord } from './types.ts';

const LOG_APPEND_TIME = 1 << 3;
const TRANSACTIONAL = 1 << 4;
const CONTROL = 1 << 5;
const ABORT = 0;
const EMPTY = Buffer.alloc(0);

/** What a broker answered about one partition. */
export interface FetchedPartition {
  readonly records?: RecordsBatch[] | null;
  readonly abortedTransactions: { readonly producerId: bigint; readonly firstOffset: bigint }[] | null;
}

export interface FetchedRecords {
  readonly records: RawRecord[];
  /** Where to read on; beyond the last record when the log has gaps or control records. */
  readonly next: bigint;
}

function toRawHeaders(headers: KafkaRecord['headers']): RawHeaders {
  const raw: RawHeaders = {};
  for (const [name, value] of headers) {
    const key = name?.toString() ?? '';
    const known = raw[key];
    const next = value ?? EMPTY;
    if (known === undefined) raw[key] = next;
    else raw[key] = Array.isArray(known) ? [...known, next] : [known, next];
  }
  return raw;
}

function isAbortMarker(records: readonly KafkaRecord[]): boolean {
  const key = records[0]?.key;
  return key !== null && key !== undefined && key.length >= 4 && key.readInt16BE(2) === ABORT;
}

/** The records from offset `from` on that are for a reader: without control records and aborted transactions. */
export function readFetched(
  topic: string,
  partition: number,
  from: bigint,
  fetched: FetchedPartition,
): FetchedRecords {
  const records: RawRecord[] = [];
  const aborted = [...(fetched.abortedTransactions ?? [])].sort((a, b) =>
    a.firstOffset < b.firstOffset ? -1 : 1,
  );
  const aborting = new Set<bigint>();
  let next = from;
  for (const batch of fetched.records ?? []) {
    const last = batch.firstOffset + BigInt(batch.lastOffsetDelta);
    if (last + 1n > next) next = last + 1n;
    while (aborted[0] !== undefined && aborted[0].firstOffset <= last) {
      aborting.add(aborted[0].producerId);
      aborted.shift();
    }
    if ((batch.attributes & CONTROL) !== 0) {
      if (isAbortMarker(batch.records)) aborting.delete(batch.producerId);
      continue;
    }
    if ((batch.attributes & TRANSACTIONAL) !== 0 && aborting.has(batch.producerId)) continue;
    const appendTime = (batch.attributes & LOG_APPEND_TIME) !== 0 ? batch.maxTimestamp : undefined;
    for (const record of batch.records) {
      const offset = batch.firstOffset + BigInt(record.offsetDelta);
      // The broker gives whole batches, also when the reader is in the middle of one.
      if (offset < from) continue;
      records.push({
        topic,
        partition,
        offset,
        timestamp: new Date(Number(appendTime ?? batch.firstTimestamp + record.timestampDelta)),
        key: record.key,
        value: record.value,
        headers: toRawHeaders(record.headers),
      });
    }
  }
  return { records, next };
}
