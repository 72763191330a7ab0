import type { PoolClient } from 'pg';
import type { Failure, KeyedRecord, ParkingLimits } from './parked-records.ts';
import type { RawRecord } from './types.ts';

/**
 * What became of an event: `duplicate` was handled at another offset before, `fenced` is an offset that was passed before, here
 * or by another member; `parked` waits behind an earlier record with its key.
 */
export type EffectResult = 'applied' | 'duplicate' | 'fenced' | 'parked';

export interface Fence {
  /** The offset of the first record whose effect is not in the database. */
  readonly next: bigint;
  /** Of the record before it; null when nobody wrote it down. */
  readonly fingerprint: number | null;
}

/**
 * The fence is behind where this process has seen it: the database has lost commits, as in a failover to a copy that was a little
 * behind. Nothing was applied; reading has to begin again at `next`.
 */
export class FenceWentBack extends Error {
  readonly next: bigint;

  constructor({ topic, partition }: RawRecord, next: bigint, known: bigint) {
    super(
      `${topic}/${partition}: the database was at offset ${known} and is at ${next} now, it has lost commits`,
    );
    this.name = 'FenceWentBack';
    this.next = next;
  }
}

export interface StartingPosition {
  readonly partition: number;
  readonly offset: bigint;
}

/** A record that is decoded as far as its identity. */
export interface IdentifiedRecord {
  readonly record: RawRecord;
  readonly eventId: string;
}

/**
 * The memory of what was handled; `tx` is undefined where there is none. What moves the fence rejects with `FenceWentBack` when it
 * stands before where it was. With `parking`, records whose keys are parked are put behind
 * them in the same transaction, and have no effect yet.
 */
export interface RecordStore {
  /** Runs `effect` if the event is new here; what it writes through `tx` is committed together with the claim, or not at all. */
  apply(
    record: RawRecord,
    eventId: string,
    effect: (tx: PoolClient | undefined) => Promise<void>,
    parking?: ParkingLimits,
  ): Promise<EffectResult>;
  /**
   * The same for records of one partition in their order, in one transaction: `effect` gets the positions of those that are new,
   * and is not called when there are none.
   */
  applyChunk(
    chunk: readonly IdentifiedRecord[],
    effect: (fresh: readonly number[], tx: PoolClient | undefined) => Promise<void>,
    parking?: ParkingLimits,
  ): Promise<EffectResult[]>;
  /** Parks a record that could not be handled, and its key with it; `fenced` when it was passed before. */
  park(
    record: KeyedRecord,
    why: { readonly failure: Failure; readonly attempts: number; readonly delayMs: number },
    parking: ParkingLimits,
  ): Promise<'parked' | 'fenced'>;
  /** Moves the fence past a record that has no effect here, such as a dead letter. */
  pass(record: RawRecord): Promise<void>;
  fence(topic: string, partition: number): Promise<Fence | undefined>;
  /** Writes down where a group begins that has no position in the topic yet; changes nothing where it has one in any partition. */
  begin(topic: string, positions: readonly StartingPosition[]): Promise<void>;
  /** Whether the store answers a question now. */
  answers(): Promise<boolean>;
}

/** At least once and no more: nothing is remembered, so what comes again is handled again. */
export const NO_STORE: RecordStore = {
  async apply(_record, _eventId, effect) {
    await effect(undefined);
    return 'applied';
  },
  async applyChunk(chunk, effect) {
    await effect(
      chunk.map((_, index) => index),
      undefined,
    );
    return chunk.map(() => 'applied');
  },
  park: () => Promise.reject(new TypeError('nothing can be parked without a store')),
  pass: () => Promise.resolve(),
  fence: () => Promise.resolve(undefined),
  begin: () => Promise.reject(new TypeError('a beginning cannot be written down without a store')),
  answers: () => Promise.resolve(true),
};
