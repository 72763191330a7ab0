/**
 * What a producer says about each event, on disk: that it is about to be published, before it is, and what came of it, before
 * anything is built on that. Lines are handed to the system at once, so that a killed process has written them; no fault of
 * the matrix ends the machine, and nothing is flushed to the disk itself.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

export interface JournalWriter {
  /** Returns when the system has the lines. */
  intend(events: readonly number[]): void;
  acknowledge(event: number, partition: number, offset: bigint): void;
  /** The event may or may not be in the log. */
  doubt(event: number, code: string): void;
  /** The event is not in the log, as far as this attempt goes. */
  reject(event: number, code: string): void;
  close(): void;
}

/** Opens a journal at its end; one that exists goes on. */
export function openJournal(file: string, now: () => number = Date.now): JournalWriter {
  const descriptor = openSync(file, 'a');
  let lines = '';
  let scheduled = false;
  const flush = () => {
    scheduled = false;
    if (lines === '') return;
    writeSync(descriptor, `t ${now()}\n${lines}`);
    lines = '';
  };
  const add = (line: string) => {
    lines += `${line}\n`;
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(flush);
  };
  return {
    intend(events) {
      if (events.length === 0) return;
      lines += events.map((n) => `i ${n}\n`).join('');
      flush();
    },
    acknowledge: (event, partition, offset) => add(`a ${event} ${partition} ${offset}`),
    doubt: (event, code) => add(`u ${event} ${code}`),
    reject: (event, code) => add(`r ${event} ${code}`),
    close() {
      flush();
      closeSync(descriptor);
    },
  };
}

export type Outcome = 'acked' | 'unknown' | 'rejected';

export interface JournalEntry {
  readonly event: number;
  /** Milliseconds since the epoch, of the first intention. */
  readonly intendedAt: number;
  outcome: Outcome;
  ackedAt?: number;
  partition?: number;
  offset?: bigint;
}

export interface Journal {
  /** By event number. */
  readonly entries: ReadonlyMap<number, JournalEntry>;
  /** How often an attempt was rejected or in doubt, by code. */
  readonly refusals: ReadonlyMap<string, number>;
}

/** Reads a journal. A last line that was cut by a kill is passed over. */
export function readJournal(file: string): Journal {
  return parseJournal(readFileSync(file, 'utf8'));
}

/** As `readJournal`, from its text. */
export function parseJournal(text: string): Journal {
  const entries = new Map<number, JournalEntry>();
  const refusals = new Map<string, number>();
  const doubted = new Set<number>();
  let at = 0;
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  for (const line of whole.split('\n').filter(Boolean)) {
    const [sign, first = '', second = '', third = ''] = line.split(' ');
    const event = Number(first);
    if (sign === 't') {
      at = Number(first);
      continue;
    }
    if (sign === 'i') {
      const known = entries.get(event);
      if (known === undefined) entries.set(event, { event, intendedAt: at, outcome: 'unknown' });
      else if (known.outcome === 'rejected') known.outcome = 'unknown';
      continue;
    }
    const entry = entries.get(event);
    if (entry === undefined) continue;
    if (sign === 'a') {
      Object.assign(entry, { outcome: 'acked', ackedAt: at });
      // An outbox has taken the event: where it will stand is not known yet.
      if (second !== '-1') Object.assign(entry, { partition: Number(second), offset: BigInt(third) });
    } else {
      refusals.set(second, (refusals.get(second) ?? 0) + 1);
      if (sign === 'u') doubted.add(event);
      // One attempt in doubt is enough: a later refusal says nothing about that one.
      if (entry.outcome !== 'acked') entry.outcome = doubted.has(event) ? 'unknown' : 'rejected';
    }
  }
  return { entries, refusals };
}
