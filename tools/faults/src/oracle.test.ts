import { describe, expect, it } from 'vitest';
import { parseJournal } from './journal.ts';
import { generateLoad } from './load.ts';
import {
  duplicatesInLog,
  type Evidence,
  type Finding,
  judge,
  type LoggedRecord,
  type StoredEffect,
} from './oracle.ts';

const EVENTS = 12;
const POISON = 5;
const load = generateLoad({
  run: 'r',
  seed: 1,
  events: EVENTS,
  keys: 3,
  special: { every: 10, kinds: ['garbage'] },
});

/** A run in which everything went well: each event in one partition, at the offset of its number. */
function wellDone(): { -readonly [Name in keyof Evidence]: Evidence[Name] } & {
  log: LoggedRecord[];
  deadLetters: LoggedRecord[];
  effects: StoredEffect[];
} {
  const lines = load.map(({ n }) => `t ${1000 + n}\ni ${n}\nt ${1100 + n}\na ${n} 0 ${n}\n`);
  const log = load.map(({ id, key, n }) => ({ partition: 0, offset: BigInt(n), id, key }));
  return {
    load,
    journal: parseJournal(lines.join('')),
    log,
    deadLetters: log.filter((_, n) => n === POISON),
    effects: load
      .filter(({ n }) => n !== POISON)
      .map(({ id, key, sequence, n }) => ({ order: n, id, key, sequence, at: 1200 + n })),
    committed: new Map([[0, BigInt(EVENTS)]]),
    fences: new Map([[0, BigInt(EVENTS)]]),
    measures: [{ name: 'publish', value: 100, unit: 'ms', budget: 200, least: 1 }],
  };
}

const broken = (evidence: Evidence): string[] =>
  judge(evidence)
    .filter(({ violations }: Finding) => violations > 0)
    .map(({ question }) => question);

/** Two events of one key, the earlier first. */
function neighbours(): readonly [number, number] {
  for (const { n, key } of load) {
    const later = load.find(
      (event) => event.n > n && event.key === key && n !== POISON && event.n !== POISON,
    );
    if (later !== undefined) return [n, later.n];
  }
  throw new Error('no two events have the same key');
}

describe('The oracle', () => {
  it('has nothing to say about a run in which everything went well', () => {
    const evidence = wellDone();
    expect(broken(evidence)).toEqual([]);
    expect(judge(evidence).map(({ question }) => question)).toEqual([
      'O1',
      'O2',
      'O3',
      'O4',
      'O5',
      'O6',
      'O7',
    ]);
    expect(duplicatesInLog(evidence)).toBe(0);
  });

  it('O1: misses an acknowledged event in the log', () => {
    const evidence = wellDone();
    evidence.log.splice(3, 1);
    evidence.effects = evidence.effects.filter(({ id }) => id !== 'r-3');
    expect(broken(evidence)).toEqual(['O1', 'O2']);
  });

  it('O1: sees another record at the place that was acknowledged', () => {
    const evidence = wellDone();
    evidence.log[EVENTS - 1] = { ...(evidence.log[EVENTS - 1] as LoggedRecord), offset: 99n };
    expect(broken(evidence)).toEqual(['O1']);
  });

  it('O2: misses the effect of an acknowledged event, and not that of one in doubt', () => {
    const evidence = wellDone();
    evidence.effects = evidence.effects.filter(({ id }) => id !== 'r-3');
    expect(broken(evidence)).toEqual(['O2']);
    evidence.journal = parseJournal(
      load.map(({ n }) => (n === 3 ? 'i 3\n' : `i ${n}\na ${n} 0 ${n}\n`)).join(''),
    );
    expect(broken(evidence)).toEqual([]);
  });

  it('O2: misses a dead letter, and an event that is one although it is good', () => {
    const evidence = wellDone();
    evidence.deadLetters = [];
    expect(broken(evidence)).toEqual(['O2']);
    const good = wellDone();
    good.deadLetters.push(good.log[0] as LoggedRecord);
    expect(broken(good)).toEqual(['O2']);
  });

  it('O3: counts effects and dead letters that happened twice', () => {
    const evidence = wellDone();
    evidence.effects.push({ ...(evidence.effects[2] as StoredEffect), order: 100 });
    expect(broken(evidence)).toEqual(['O3']);
    const letters = wellDone();
    letters.deadLetters.push({ ...(letters.deadLetters[0] as LoggedRecord), offset: 1n });
    expect(broken(letters)).toEqual(['O3']);
  });

  it('O4: sees effects of a key in another order than the log', () => {
    const evidence = wellDone();
    const [first, second] = neighbours();
    const order = (n: number) => (n === first ? second : n === second ? first : n);
    evidence.effects = load
      .filter(({ n }) => n !== POISON)
      .map(({ id, key, sequence, n }) => ({ order: order(n), id, key, sequence, at: 0 }));
    expect(broken(evidence)).toEqual(['O4']);
  });

  it('O4: sees events of a key in the log in another order than they were published', () => {
    const evidence = wellDone();
    const [first, second] = neighbours();
    const place = (n: number) => (n === first ? second : n === second ? first : n);
    evidence.log = load
      .map(({ id, key, n }) => ({ partition: 0, offset: BigInt(place(n)), id, key }))
      .sort((a, b) => Number(a.offset - b.offset));
    evidence.journal = parseJournal(load.map(({ n }) => `i ${n}\na ${n} 0 ${place(n)}\n`).join(''));
    evidence.effects = evidence.log.flatMap(({ id, key }, order) =>
      id === `r-${POISON}` ? [] : [{ order, id, key, sequence: 0, at: 0 }],
    );
    expect(broken(evidence)).toEqual(['O4']);
    // After partitions were added, order holds within a partition: the two stand in different ones.
    evidence.repartitioned = true;
    evidence.log = evidence.log.map((record) =>
      record.id === `r-${first}` ? { ...record, partition: 7 } : record,
    );
    evidence.journal = parseJournal(
      load.map(({ n }) => `i ${n}\na ${n} ${n === first ? 7 : 0} ${place(n)}\n`).join(''),
    );
    expect(broken(evidence)).toEqual([]);
  });

  it('O4: looks at the first of two records of an event', () => {
    const evidence = wellDone();
    evidence.log.push({ ...(evidence.log[0] as LoggedRecord), offset: 50n });
    expect(broken(evidence)).toEqual([]);
    expect(duplicatesInLog(evidence)).toBe(1);
  });

  it('O5: sees what nobody published, or what was said not to be there', () => {
    const invented = wellDone();
    invented.log.push({ partition: 0, offset: 50n, id: 'x-1', key: 'k' });
    expect(broken(invented)).toEqual(['O5']);
    const refused = wellDone();
    refused.journal = parseJournal(
      load.map(({ n }) => (n === 3 ? 'i 3\nr 3 NotSent\n' : `i ${n}\na ${n} 0 ${n}\n`)).join(''),
    );
    expect(broken(refused)).toEqual(['O5']);
    const effect = wellDone();
    effect.effects.push({ order: 90, id: 'x-2', key: 'k', sequence: 1, at: 0 });
    expect(broken(effect)).toEqual(['O5']);
  });

  it('O6: sees a commit ahead of the store', () => {
    const evidence = wellDone();
    evidence.fences = new Map([[0, BigInt(EVENTS - 1)]]);
    expect(broken(evidence)).toEqual(['O6']);
    evidence.fences = new Map();
    expect(broken(evidence)).toEqual(['O6']);
  });

  it('O7: sees a budget that is passed, a fault that did not happen, and a value that is none', () => {
    const measured = (value: number) =>
      broken({ ...wellDone(), measures: [{ name: 'm', value, unit: '', budget: 5, least: 1 }] });
    expect(measured(5)).toEqual([]);
    expect(measured(6)).toEqual(['O7']);
    expect(measured(0)).toEqual(['O7']);
    expect(measured(Number.NaN)).toEqual(['O7']);
  });
});
