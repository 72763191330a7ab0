import type { DeadLetter } from './dead-letter.ts';

/** Which dead letters are meant: all of its conditions hold; an empty filter means every one. */
export interface RedriveFilter {
  /** Codes of errors, any of them. */
  readonly codes?: readonly string[];
  /** Classes of errors, any of them, for example `PermanentError`. */
  readonly errorNames?: readonly string[];
  /** Where it failed: `decode` or `handler`. */
  readonly stage?: string;
  /** Given up at this time or later. */
  readonly failedFrom?: Date;
  /** Given up before this time. */
  readonly failedBefore?: Date;
  /** The record key. */
  readonly key?: string | Buffer;
  /** The partition of the topic it came from. */
  readonly partition?: number;
  /** First offset there. */
  readonly fromOffset?: bigint;
  /** Last offset there. */
  readonly toOffset?: bigint;
}

/** Whether the filter means this dead letter; `key` is its record key. */
export function matches(filter: RedriveFilter, letter: DeadLetter, key: Buffer | null): boolean {
  const { codes, errorNames, stage, failedFrom, failedBefore, partition, fromOffset, toOffset } = filter;
  const wanted = typeof filter.key === 'string' ? Buffer.from(filter.key) : filter.key;
  return (
    (codes === undefined || codes.includes(letter.code)) &&
    (errorNames === undefined || errorNames.includes(letter.errorName)) &&
    (stage === undefined || stage === letter.stage) &&
    (failedFrom === undefined || letter.failedAt >= failedFrom) &&
    (failedBefore === undefined || letter.failedAt < failedBefore) &&
    (wanted === undefined || (key !== null && wanted.equals(key))) &&
    (partition === undefined || partition === letter.partition) &&
    (fromOffset === undefined || letter.offset >= fromOffset) &&
    (toOffset === undefined || letter.offset <= toOffset)
  );
}
