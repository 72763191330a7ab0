import { checkSuites, coverageReport, findingsOf, forbiddenCalls } from '@eda/charts';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../../gitops/root');
const log = () => undefined;

describe('The chart of the root', () => {
  it('does what its suites say', async () => {
    let tests = 0;
    expect(await checkSuites(ROOT, log, (count) => (tests = count))).toEqual([]);
    expect(tests).toBeGreaterThan(0);
  }, 120_000);

  it('renders the same each time: it asks neither the cluster, nor the clock, nor chance', () => {
    expect(forbiddenCalls(ROOT)).toEqual([]);
  });

  it('has nothing that no suite sees', async () => {
    const report = await coverageReport(ROOT, { log, values: false });
    expect(findingsOf('root', report)).toEqual([]);
  }, 120_000);
});
