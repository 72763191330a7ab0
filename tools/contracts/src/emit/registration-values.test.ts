import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../copy-contracts.ts';
import type { EventModel } from '../contract-model.ts';
import { loadContracts } from '../load-contracts.ts';
import { emitRegistration } from './registration-values.ts';

const { events } = loadContracts(ROOT);
const hashOf = (of: readonly EventModel[]) => (parse(emitRegistration(of)) as { sha256: string }).sha256;
const changed = (change: (event: EventModel) => EventModel) =>
  events.map((event, index) => (index === 0 ? change(event) : event));

it('names every subject', () => {
  expect(parse(emitRegistration(events))).toEqual({
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    subjects: events.map(({ subject }) => subject).sort(),
  });
});

it('has another hash for another schema, level or subject, and for nothing else', () => {
  const hash = hashOf(events);
  expect(hashOf(changed((event) => ({ ...event, schema: `${event.schema} ` })))).not.toBe(hash);
  expect(hashOf(changed((event) => ({ ...event, subject: `${event.subject}2` })))).not.toBe(hash);
  const otherLevel = (event: EventModel) => ({ ...event, meta: { ...event.meta, compatibility: 'NONE' } });
  expect(hashOf(changed(otherLevel))).not.toBe(hash);
  expect(hashOf(events.slice(1))).not.toBe(hash);

  expect(hashOf([...events].reverse())).toBe(hash);
  expect(hashOf(changed((event) => ({ ...event, meta: { ...event.meta, owner: 'x' } })))).toBe(hash);
});
