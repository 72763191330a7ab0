/** Dead letters and what became of them, folded from the dead-letter topics. */
import type { DeadLetterPage, DeadLetterView } from './messages.ts';

/** Says that the dead letter at `topic/partition/offset` was put back. */
export interface Redriven {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly redrivenAt: number;
}

export interface DeadLetters {
  /** Takes a dead letter as it stands in the log; taking it again changes nothing. */
  add(letter: DeadLetterView): void;
  /** Takes the marker of a redrive; it may come before its dead letter is known. */
  markRedriven(marker: Redriven): void;
  /** Returns the dead letter at these coordinates, unless it is unknown or so old that it was forgotten. */
  find(topic: string, partition: number, offset: string): DeadLetterView | undefined;
  /** Returns at most `limit` dead letters, the newest first, those that still wait before those put back. */
  page(limit: number): DeadLetterPage;
}

/** Returns an empty fold that keeps the details of the newest `keep` dead letters, waiting ones in preference. */
export function createDeadLetters(keep = 1000): DeadLetters {
  const letters = new Map<string, DeadLetterView>();
  const redrivenAt = new Map<string, number>();
  const known = { waiting: 0, redriven: 0 };

  const forget = (): void => {
    if (letters.size <= keep) return;
    const all = [...letters.values()];
    const oldest = all.find((letter) => letter.redrivenAt !== undefined) ?? all[0];
    if (oldest) letters.delete(oldest.at);
  };

  return {
    add(letter) {
      if (letters.has(letter.at)) return;
      const putBack = redrivenAt.get(letter.at);
      letters.set(letter.at, putBack === undefined ? letter : { ...letter, redrivenAt: putBack });
      known[putBack === undefined ? 'waiting' : 'redriven'] += 1;
      forget();
    },

    markRedriven(marker) {
      const at = placeOf(marker.topic, marker.partition, marker.offset);
      if (redrivenAt.has(at)) return;
      redrivenAt.set(at, marker.redrivenAt);
      const letter = letters.get(at);
      if (!letter) return;
      letters.set(at, { ...letter, redrivenAt: marker.redrivenAt });
      known.waiting -= 1;
      known.redriven += 1;
    },

    find: (topic, partition, offset) => letters.get(placeOf(topic, partition, offset)),

    page(limit) {
      const newestFirst = [...letters.values()].sort((a, b) => b.failedAt - a.failedAt);
      const waiting = newestFirst.filter((letter) => letter.redrivenAt === undefined);
      const done = newestFirst.filter((letter) => letter.redrivenAt !== undefined);
      return { letters: [...waiting, ...done].slice(0, limit), ...known };
    },
  };
}

/** Returns how a place in the log is written everywhere in the console. */
export function placeOf(topic: string, partition: number, offset: string | bigint): string {
  return `${topic}/${partition}/${offset}`;
}
