/**
 * The judge: compares what the producer was told (journal) with what is in the log and in the store. Pure; one function per
 * question. It knows nothing of the fault that was made.
 */
import type { Journal } from './journal.ts';
import { isPoison, type LoadEvent } from './load.ts';

/** A record of the log, in the order of its partition. */
export interface LoggedRecord {
  readonly partition: number;
  readonly offset: bigint;
  readonly id: string;
  readonly key: string;
}

/** An effect in the store. */
export interface StoredEffect {
  /** Grows in the order in which the effects happened. */
  readonly order: number;
  readonly id: string;
  readonly key: string;
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A time that was measured and how long it may be. */
export interface Measure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The largest value that passes; only told when absent. */
  readonly budget?: number;
  /** The smallest value that passes, for counts of faults that must have happened. */
  readonly least?: number;
}

/** Everything that was found after quiet. */
export interface Evidence {
  /** All events of the run, event `n` at place `n`. */
  readonly load: readonly LoadEvent[];
  readonly journal: Journal;
  readonly log: readonly LoggedRecord[];
  readonly deadLetters: readonly LoggedRecord[];
  readonly effects: readonly StoredEffect[];
  /** What the group has committed to Kafka, by partition. */
  readonly committed: ReadonlyMap<number, bigint>;
  /** The fence in the store, by partition. */
  readonly fences: ReadonlyMap<number, bigint>;
  readonly measures: readonly Measure[];
  /** Partitions were added under load: a key may have changed its partition, so that order per key holds within each only. */
  readonly repartitioned?: boolean;
}

export type Question = 'O1' | 'O2' | 'O3' | 'O4' | 'O5' | 'O6' | 'O7';

export interface Finding {
  readonly question: Question;
  readonly claim: string;
  /** How often the claim is broken. */
  readonly violations: number;
  /** A few of them, in words. */
  readonly examples: readonly string[];
}

const EXAMPLES = 5;

function finding(question: Question, claim: string, violations: readonly string[]): Finding {
  return { question, claim, violations: violations.length, examples: violations.slice(0, EXAMPLES) };
}

function groupById<T extends { readonly id: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.id);
    if (group === undefined) groups.set(item.id, [item]);
    else group.push(item);
  }
  return groups;
}

function acked({ load, journal }: Evidence): LoadEvent[] {
  return load.filter(({ n }) => journal.entries.get(n)?.outcome === 'acked');
}

/** Every acknowledged event is in the log, and one of its records stands where the acknowledgement said. */
export function acknowledgedIsInLog(evidence: Evidence): Finding {
  const log = groupById(evidence.log);
  const lost: string[] = [];
  for (const { n, id } of acked(evidence)) {
    const records = log.get(id);
    const { partition, offset } = evidence.journal.entries.get(n) ?? {};
    if (records === undefined) lost.push(`${id} was acknowledged and is not in the log`);
    else if (
      offset !== undefined &&
      !records.some((record) => record.partition === partition && record.offset === offset)
    )
      lost.push(`${id} was acknowledged at ${partition ?? '?'}/${offset}, where another record stands`);
  }
  return finding('O1', 'every acknowledged event is in the log', lost);
}

/** Every acknowledged event has its effect, or is a dead letter where it must be one. */
export function acknowledgedIsInStore(evidence: Evidence): Finding {
  const effects = new Set(evidence.effects.map(({ id }) => id));
  const letters = new Set(evidence.deadLetters.map(({ id }) => id));
  const wrong: string[] = [];
  for (const { id, kind } of acked(evidence)) {
    const [place, other, word] = isPoison(kind)
      ? [letters, effects, 'a dead letter']
      : [effects, letters, 'an effect'];
    if (!place.has(id)) wrong.push(`${id} was acknowledged and is not ${word}`);
    if (other.has(id)) wrong.push(`${id} is ${word} and the other too`);
  }
  return finding('O2', 'every acknowledged event is in the store or a dead letter', wrong);
}

/** No event has two effects, none is a dead letter twice. */
export function effectsHappenOnce({ effects, deadLetters }: Evidence): Finding {
  const twice: string[] = [];
  for (const [id, group] of groupById(effects))
    if (group.length > 1) twice.push(`${id} has ${group.length} effects`);
  for (const [id, group] of groupById(deadLetters))
    if (group.length > 1) twice.push(`${id} is a dead letter ${group.length} times`);
  return finding('O3', 'every effect happens once', twice);
}

/** Per key: first occurrences in the log stand in the order of publishing, and the effects in the order of the log. */
export function orderIsKept(evidence: Evidence): Finding {
  const events = new Map(evidence.load.map((event) => [event.id, event]));
  const broken: string[] = [];
  const lane = (key: string, partition: number) => (evidence.repartitioned ? `${key}@${partition}` : key);
  const seen = new Set<string>();
  const place = new Map<string, number>();
  const home = new Map<string, number>();
  const last = new Map<string, number>();
  evidence.log.forEach(({ id, key, partition }, index) => {
    const event = events.get(id);
    if (event === undefined || seen.has(id)) return;
    seen.add(id);
    place.set(id, index);
    home.set(id, partition);
    if (event.key !== key) broken.push(`${id} has the key ${key} in the log, not ${event.key}`);
    const name = lane(key, partition);
    const before = last.get(name) ?? 0;
    if (event.sequence <= before) broken.push(`${id} (${event.sequence}) stands behind ${before} of ${name}`);
    last.set(name, event.sequence);
  });
  const lastPlace = new Map<string, number>();
  const applied = new Set<string>();
  for (const { id, key } of evidence.effects.toSorted((a, b) => a.order - b.order)) {
    const at = place.get(id);
    if (at === undefined || applied.has(id)) continue;
    applied.add(id);
    const name = lane(key, home.get(id) ?? 0);
    if (at < (lastPlace.get(name) ?? -1))
      broken.push(`the effect of ${id} came after that of a later event of ${name}`);
    lastPlace.set(name, at);
  }
  return finding('O4', 'order per key is kept', broken);
}

/** Nothing is in the log or the store that nobody published, or that was said not to be there. */
export function nothingIsInvented(evidence: Evidence): Finding {
  const events = new Map(evidence.load.map((event) => [event.id, event]));
  const log = new Set(evidence.log.map(({ id }) => id));
  const wrong: string[] = [];
  for (const id of log) {
    const event = events.get(id);
    const entry = event && evidence.journal.entries.get(event.n);
    if (event === undefined) wrong.push(`${id} is in the log and no event of this run`);
    else if (entry === undefined) wrong.push(`${id} is in the log and was never intended`);
    else if (entry.outcome === 'rejected') wrong.push(`${id} is in the log and was rejected`);
  }
  for (const [place, records] of [
    ['store', evidence.effects],
    ['dead-letter topic', evidence.deadLetters],
  ] as const)
    for (const { id } of records) if (!log.has(id)) wrong.push(`${id} is in the ${place} and not in the log`);
  return finding('O5', 'nothing is in the log that was not published', wrong);
}

/** The group has committed nothing that the store has not passed. */
export function commitIsBehindStore({ committed, fences }: Evidence): Finding {
  const ahead = [...committed]
    .filter(([partition, offset]) => offset > (fences.get(partition) ?? 0n))
    .map(
      ([partition, offset]) =>
        `partition ${partition}: ${offset} is committed, the store is at ${fences.get(partition) ?? 0n}`,
    );
  return finding('O6', 'committed offsets are not ahead of the store', ahead);
}

/** What was measured is within its budget. */
export function budgetsAreKept({ measures }: Evidence): Finding {
  const missed = measures.flatMap(({ name, value, unit, budget, least }) => [
    ...(budget !== undefined && !(value <= budget) ? [`${name}: ${value} ${unit}, budget ${budget}`] : []),
    ...(least !== undefined && !(value >= least) ? [`${name}: ${value} ${unit}, at least ${least}`] : []),
  ]);
  return finding('O7', 'recovery and counts are within their budgets', missed);
}

/** Records that stand in the log again; none is made by a producer that lives and decides every batch. */
export function duplicatesInLog({ log }: Evidence): number {
  return log.length - new Set(log.map(({ id }) => id)).size;
}

/** Asks all questions. */
export function judge(evidence: Evidence): Finding[] {
  return [
    acknowledgedIsInLog,
    acknowledgedIsInStore,
    effectsHappenOnce,
    orderIsKept,
    nothingIsInvented,
    commitIsBehindStore,
    budgetsAreKept,
  ].map((question) => question(evidence));
}
