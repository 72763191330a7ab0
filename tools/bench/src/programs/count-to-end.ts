/** A consumer that is measured counts what it gets and ends when it has seen everything. */
import { sequenceOf } from '../bench-event.ts';
import type { Meter } from '../meter.ts';

export interface Counting {
  /** To be called with the value of each record. */
  readonly handled: (value: Buffer | null) => void;
  /** As `untilNothingIsMissing`. */
  readonly all: Promise<void>;
}

const LOOK_EVERY_MS = 5;
const PATIENCE_MS = 30_000;

/** Resolves when as many records were handled as there are; rejects when nothing comes for half a minute. */
export async function untilNothingIsMissing(meter: Meter, total: Promise<number>): Promise<void> {
  let wanted = Number.POSITIVE_INFINITY;
  void total.then((records) => (wanted = records));
  let seen = -1;
  let since = performance.now();
  while (meter.done < wanted) {
    if (meter.done !== seen) {
      seen = meter.done;
      since = performance.now();
    }
    if (performance.now() - since > PATIENCE_MS)
      throw new Error(`after ${seen} of ${wanted} records nothing came for ${PATIENCE_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Returns what a program for another client needs: its handler's counter and the end to wait for. */
export function countToEnd(records: number, meter: Meter): Counting {
  return {
    all: untilNothingIsMissing(meter, Promise.resolve(records)),
    handled: (value) => meter.handled(sequenceOf(value)),
  };
}
