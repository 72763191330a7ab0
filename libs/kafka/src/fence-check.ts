import type { FetchedBatch } from './client-types.ts';
import { ConsumerStopped } from './errors.ts';
import { fingerprint } from './fingerprint.ts';
import type { Fence } from './record-store.ts';

/** Where to begin: at the offset in this batch, or by reading anew from another one. */
export type StartingPoint = { readonly kind: 'here' | 'seek'; readonly offset: bigint };

function recreated({ topic, partition }: FetchedBatch, fence: Fence, why: string): ConsumerStopped {
  return new ConsumerStopped(
    `${topic}/${partition}: the database has handled everything before offset ${fence.next}, but ${why}. ` +
      'The topic was deleted and made again, or lost its end. Going on would pass over new records in silence: decide whether the new ' +
      `records are to be handled from the start, and if so delete the row for (${topic}, ${partition}) from consumer_offset.`,
    'TOPIC_RECREATED',
  );
}

/**
 * Compares the first batch of a newly assigned partition with the fence. The database is right where the group's committed
 * offset is behind it. `logEnd` is the end of the log where that is known better than by the batch. Throws `ConsumerStopped` when the log is not the one the database remembers.
 */
export function startingPoint(
  batch: FetchedBatch,
  fence: Fence | undefined,
  logEnd = batch.logEnd,
): StartingPoint {
  const first = batch.records[0]?.offset ?? 0n;
  if (fence === undefined) return { kind: 'here', offset: first };
  if (fence.next > logEnd) throw recreated(batch, fence, `the log ends at ${logEnd}`);
  if (fence.next <= first) return { kind: 'here', offset: first };
  const lastHandled = fence.next - 1n;
  const last = batch.records.at(-1)?.offset ?? first;
  // Read the last handled record as well, to recognise it.
  if (lastHandled > last) return { kind: 'seek', offset: lastHandled };
  const witness = batch.records.find(({ offset }) => offset === lastHandled);
  if (witness !== undefined && fence.fingerprint !== null && fingerprint(witness) !== fence.fingerprint) {
    throw recreated(batch, fence, 'the record before it is another one than it remembers');
  }
  return { kind: 'here', offset: fence.next };
}
