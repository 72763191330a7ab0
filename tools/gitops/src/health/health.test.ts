import { resolveTool } from '@eda/helm';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { judge, readCases } from './health-cases.setup.ts';
import { SCRIPTS } from './scripts.ts';

const HEALTH = resolve(import.meta.dirname, '../../../../gitops/health');
const CASES = readCases(HEALTH);

const scriptOf = (name: string) => readFileSync(join(HEALTH, `${name}.lua`), 'utf8');

/** Status that nobody should write, and a cluster may hold. */
const HOSTILE = [
  {},
  { status: {} },
  { metadata: { generation: 1 }, status: { observedGeneration: 1, conditions: [] } },
];

describe('the health scripts', { timeout: 300_000 }, () => {
  let program: string;

  beforeAll(async () => {
    program = await resolveTool('lua-health');
  }, 300_000);

  it('are all in use and have cases', () => {
    const scripts = readdirSync(HEALTH).filter((file) => file.endsWith('.lua'));
    expect([...new Set(SCRIPTS.values())].sort()).toEqual(scripts.sort());
    expect(
      scripts.filter((file) => !existsSync(join(HEALTH, 'tests', file.replace('.lua', '.yaml')))),
    ).toEqual([]);
  });

  describe.each([...CASES])('%s', (name, cases) => {
    it.each(cases)('$it', async ({ object, gives, message }) => {
      const [verdict] = await judge(program, [{ script: scriptOf(name), object }]);
      expect(verdict).toEqual({ status: gives, message });
    });

    it('has a case for each verdict in it', async () => {
      const lines = scriptOf(name).split('\n');
      const verdicts = lines.flatMap((line, index) => (VERDICT.test(line) ? [index] : []));
      expect(verdicts.length).toBeGreaterThan(1);
      for (const index of verdicts) {
        const mutant = lines.with(
          index,
          (lines[index] ?? '').replace(VERDICT, 'return { status = "Mutant" }'),
        );
        const script = mutant.join('\n');
        const answers = await judge(
          program,
          cases.map(({ object }) => ({ script, object })),
        );
        expect(
          answers.some(({ status }) => status === 'Mutant'),
          `line ${index + 1}: ${lines[index] ?? ''}`,
        ).toBe(true);
      }
    });

    it('does not fail on a resource that says nothing', async () => {
      const script = scriptOf(name);
      const verdicts = await judge(
        program,
        HOSTILE.map((object) => ({ script, object: { metadata: {}, spec: {}, ...object } })),
      );
      expect(verdicts.filter(({ error }) => error !== undefined)).toEqual([]);
    });
  });

  it('have no library beyond what Argo CD gives them', async () => {
    const verdicts = await judge(program, [
      { script: 'return { status = string.upper("x") }', object: {} },
      { script: 'return { status = require("os").getenv("PATH") }', object: {} },
      { script: 'while true do end', object: {} },
    ]);
    expect(verdicts.map(({ error }) => error?.split('\n')[0])).toEqual([
      expect.stringMatching(/attempt to index a non-table object\(nil\)/),
      expect.stringMatching(/attempt to call a non-function object/),
      expect.stringMatching(/context deadline exceeded/),
    ]);
  });
});

/** A verdict that a script returns, to the end of its line or of its branch. */
const VERDICT = /return (?:\{.*?\}|(?:progressing|degraded|verdict|out)\(.*\)|waiting)(?= end$|$)/;
