import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openJournal, parseJournal, readJournal } from './journal.ts';

const outcomeOf = (text: string) => parseJournal(text).entries.get(1)?.outcome;

it('A journal says what became of each event, over several lives of its writer', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'journal');
  let now = 100;
  const first = openJournal(file, () => now);
  first.intend([0, 1, 2]);
  // Written at once: a kill after this line loses nothing.
  expect([...readJournal(file).entries.keys()]).toEqual([0, 1, 2]);
  now = 150;
  first.acknowledge(0, 3, 17n);
  first.reject(1, 'NotSent');
  await Promise.resolve();
  expect(readJournal(file).entries.get(0)).toMatchObject({
    outcome: 'acked',
    intendedAt: 100,
    ackedAt: 150,
    partition: 3,
    offset: 17n,
  });
  first.close();

  const second = openJournal(file, () => 200);
  second.intend([3]);
  second.acknowledge(3, -1, -1n);
  second.doubt(2, 'DeliveryUnknown');
  second.close();
  const { entries, refusals } = readJournal(file);
  expect([...entries.values()].map(({ outcome }) => outcome)).toEqual([
    'acked',
    'rejected',
    'unknown',
    'acked',
  ]);
  // The outbox has it; nobody knows its place yet.
  expect(entries.get(3)?.offset).toBeUndefined();
  expect([...refusals]).toEqual([
    ['NotSent', 1],
    ['DeliveryUnknown', 1],
  ]);
});

it('An event without an answer is in doubt, and one attempt in doubt is enough for that', () => {
  expect(outcomeOf('i 1\n')).toBe('unknown');
  expect(outcomeOf('i 1\nr 1 NotSent\n')).toBe('rejected');
  expect(outcomeOf('i 1\nr 1 NotSent\ni 1\n')).toBe('unknown');
  expect(outcomeOf('i 1\nu 1 DeliveryUnknown\ni 1\nr 1 NotSent\n')).toBe('unknown');
  expect(outcomeOf('i 1\nu 1 DeliveryUnknown\ni 1\na 1 0 5\n')).toBe('acked');
  expect(outcomeOf('i 1\na 1 0 5\nr 1 NotSent\n')).toBe('acked');
});

it('A last line that a kill has cut says nothing', () => {
  expect(parseJournal('i 1\na 1 0 5').entries.get(1)?.outcome).toBe('unknown');
  expect(parseJournal('i 1\ni 1').entries.size).toBe(1);
});
