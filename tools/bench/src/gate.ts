/** The gate: figures count only for a run in which every acknowledged record is where it belongs, once. */

/** A run that must not be reported, with what is wrong in its message. */
export class GateFailed extends Error {
  readonly code = 'GATE_FAILED';

  constructor(message: string) {
    super(message);
    this.name = 'GateFailed';
  }
}

export interface Audit {
  /** By number: 1 when the record was acknowledged. */
  readonly acknowledged: Uint8Array;
  /** By number: how often it was found. */
  readonly found: Uint8Array;
  /** Records that were found and have no number of this run. */
  readonly foreign: number;
}

export interface Verdict {
  readonly acknowledged: number;
  /** Acknowledged, and not found. */
  readonly lost: number;
  /** Found more than once. */
  readonly doubled: number;
  readonly foreign: number;
  /** Up to five of the numbers at fault. */
  readonly examples: readonly number[];
}

const EXAMPLES = 5;

/** Compares what was acknowledged with what was found. */
export function audit({ acknowledged, found, foreign }: Audit): Verdict {
  let count = 0;
  let lost = 0;
  let doubled = 0;
  let strangers = foreign;
  const examples: number[] = [];
  for (let number = 0; number < Math.max(acknowledged.length, found.length); number += 1) {
    const wasAcknowledged = acknowledged[number] === 1;
    const times = found[number] ?? 0;
    if (wasAcknowledged) count += 1;
    if (number >= acknowledged.length && times > 0) strangers += 1;
    if (times > 1) doubled += 1;
    else if (wasAcknowledged && times === 0) lost += 1;
    else continue;
    if (examples.length < EXAMPLES) examples.push(number);
  }
  return { acknowledged: count, lost, doubled, foreign: strangers, examples };
}

/** Throws `GateFailed` when a record of `where` is lost, doubled or a stranger, or when nothing was acknowledged at all. */
export function assertPassed(verdict: Verdict, where: string): void {
  const { acknowledged, lost, doubled, foreign, examples } = verdict;
  if (acknowledged === 0) throw new GateFailed(`nothing was acknowledged, so ${where} proves nothing`);
  if (lost + doubled + foreign === 0) return;
  throw new GateFailed(
    `${where}: of ${acknowledged} acknowledged records ${lost} are missing, ${doubled} stand more than once, ` +
      `${foreign} are none of this run (${examples.length > 0 ? `for example number ${examples.join(', ')}` : 'no numbers'})`,
  );
}

/** Counts one more at `number`, up to what a byte holds. Returns false when there is no such number. */
export function countAt(counts: Uint8Array, number: number): boolean {
  const before = counts[number];
  if (before === undefined) return false;
  if (before < 255) counts[number] = before + 1;
  return true;
}
