/** The short form of the fault matrix, and the proof that the oracle sees what it is there for, on three real brokers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testPlatform } from '@eda/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MUTANTS } from './mutants.ts';
import { explain } from './report.ts';
import type { Row } from './row.ts';
import { type RowResult, runRow } from './run-row.ts';
import { ROWS, SHORT_FORM } from './rows/index.ts';
import { type Stage, startStage } from './stage.ts';

const ROW_MS = 240_000;
/** Other tests run beside this one: only the counts of this run mean something, times only catch what hangs. */
const SLACK = 6;

let stage: Stage;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faults-test-'));
  stage = await startStage({ folder, proxied: false, seed: 1 });
}, 180_000);

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

function run(row: Row, events: number, rate: number): Promise<RowResult> {
  return runRow(row, {
    ...stage,
    databaseUrl: testPlatform().database.url,
    folder,
    scale: { events, rate, seed: 1, slack: SLACK },
    onNote: () => undefined,
  });
}

/** A producer that is stopped refuses what it is asked for meanwhile. */
const refuses = ({ number }: Row) => number === 8;

describe('Nothing acknowledged is lost and nothing happens twice when', () => {
  const short = ROWS.filter(({ number }) => SHORT_FORM.includes(number)).map(
    (row) => [row.title, row] as const,
  );
  it.each(short)('%s', { timeout: ROW_MS }, async (_, row) => {
    const result = await run(row, 2000, 400);
    expect(explain(result)).toBe('');
    expect(result.ok).toBe(true);
    expect(result.outcomes.acked + (refuses(row) ? result.outcomes.rejected : 0)).toBe(2000);
    expect(result.outcomes.acked).toBeGreaterThan(1800);
  });
});

describe('The oracle says no when', () => {
  const mutants = MUTANTS.map((mutant) => [mutant.title, mutant] as const);
  it.each(mutants)('%s', { timeout: ROW_MS }, async (_, mutant) => {
    const result = await run(mutant, 900, 150);
    expect(result.error).toBeUndefined();
    const broken = result.findings.filter(({ violations }) => violations > 0).map(({ question }) => question);
    expect(broken).toContain(mutant.breaks);
  });
});
