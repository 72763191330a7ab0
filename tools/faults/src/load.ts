/** The events of a run: the same for the same seed, so that every program and the oracle know them without asking. */
import { createRandom } from './random.ts';

/**
 * `plain` has an effect. The others are poison and end in the dead-letter topic: `garbage` is no event at all,
 * `unknown-schema` names a schema that nobody has, `type-error` breaks the handler. `slow` has an effect, late;
 * `stubborn` has one as soon as the handler is told to let it pass.
 */
export type EventKind = 'plain' | 'garbage' | 'unknown-schema' | 'type-error' | 'slow' | 'stubborn';

export interface LoadOptions {
  /** Stands in every id and key of the run. */
  readonly run: string;
  readonly seed: number;
  readonly events: number;
  readonly keys: number;
  /** Every so many-th event is of one of these kinds, in turn. */
  readonly special?: { readonly every: number; readonly kinds: readonly EventKind[] };
}

export interface LoadEvent {
  readonly n: number;
  readonly id: string;
  readonly key: string;
  /** Counts the events of the key, from 1. */
  readonly sequence: number;
  readonly kind: EventKind;
}

/** Returns all events of the run; event `n` stands at place `n`. */
export function generateLoad({ run, seed, events, keys, special }: LoadOptions): LoadEvent[] {
  const random = createRandom(seed);
  const sequences = new Int32Array(keys);
  return Array.from({ length: events }, (_, n) => {
    const key = Math.floor(random() * keys);
    const sequence = (sequences[key] ?? 0) + 1;
    sequences[key] = sequence;
    return { n, id: `${run}-${n}`, key: `${run}-key-${key}`, sequence, kind: kindOf(n, special) };
  });
}

function kindOf(n: number, special: LoadOptions['special']): EventKind {
  if (special === undefined || n % special.every !== Math.floor(special.every / 2)) return 'plain';
  return special.kinds[Math.floor(n / special.every) % special.kinds.length] ?? 'plain';
}

/** Whether an event of this kind must end in the dead-letter topic and have no effect. */
export function isPoison(kind: EventKind): boolean {
  return kind === 'garbage' || kind === 'unknown-schema' || kind === 'type-error';
}
