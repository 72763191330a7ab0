/** What `check` finds: each case in `cases/` is a change to contracts that are released, and whom it hits. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ContractsCopy } from '../copy-contracts.ts';
import type { Finding } from '../finding.ts';
import { check } from './check.ts';
import { BASE_CASES } from './cases/base.ts';
import { BREAKING_CASES } from './cases/breaking.ts';
import type { CheckCase } from './cases/check-case.ts';
import { CONSUMER_CASES } from './cases/consumers.ts';
import { LOCK_CASES } from './cases/lock.ts';
import { SAFE_CASES } from './cases/safe.ts';
import { copyRepository, makeTemplate } from './repository.ts';
import { verdictRows } from './verdict-rows.ts';

let template: ContractsCopy;
beforeAll(() => void (template = makeTemplate()));
afterAll(() => template.delete());

function run({ base, change }: Pick<CheckCase, 'base' | 'change'>) {
  const repository = copyRepository(template);
  onTestFinished(repository.delete);
  if (base) {
    base(repository);
    repository.commit();
  }
  change(repository);
  return check(repository.root, 'main');
}

function short({ severity, file, line, code, level, field }: Finding): string {
  return `${severity === 'warning' ? 'warning ' : ''}${file}:${line} ${code} ${level ?? ''} ${field}`;
}

const CASES = {
  safe: SAFE_CASES,
  breaking: BREAKING_CASES,
  consumers: CONSUMER_CASES,
  lock: LOCK_CASES,
  'the commit': BASE_CASES,
};

describe.each(Object.entries(CASES))('%s:', (_, cases) => {
  it.each(cases.map((entry) => [entry.name, entry] as const))(
    '%s',
    (_name, { findings = [], notes = [], verdicts = {}, ...entry }) => {
      const result = run(entry);
      const accepted = result.accepted.map(({ finding, reason }) => `accepted ${short(finding)}: ${reason}`);
      expect([...result.findings.map(short), ...accepted]).toEqual(findings);
      expect(result.notes.filter((note) => note.startsWith('main:'))).toEqual(notes);
      const rows = verdictRows(result).map(({ consumer, event, verdict }) => [
        `${consumer} ${event}`,
        verdict,
      ]);
      expect(Object.fromEntries(rows)).toEqual(verdicts);
    },
  );
});
