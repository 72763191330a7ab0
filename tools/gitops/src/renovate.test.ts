import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readInventory } from './inventory.ts';

const WORKSPACE = resolve(import.meta.dirname, '../../..');
const VALUES = 'gitops/root/values.yaml';

interface Manager {
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
  readonly datasourceTemplate: string;
}

/** What Renovate would find in the file, with the regular expressions that it is given. */
function foundIn(file: string): string[] {
  const { customManagers } = JSON.parse(readFileSync(join(WORKSPACE, 'renovate.json'), 'utf8')) as {
    customManagers: readonly Manager[];
  };
  const text = readFileSync(join(WORKSPACE, file), 'utf8');
  return customManagers
    .filter(({ managerFilePatterns }) => managerFilePatterns.some((pattern) => matches(pattern, file)))
    .flatMap(({ matchStrings, datasourceTemplate }) =>
      matchStrings.flatMap((expression) =>
        [...text.matchAll(re2(expression))].map(({ groups = {} }) =>
          [
            datasourceTemplate,
            groups['registryUrl'] ?? groups['registry'],
            groups['depName'],
            groups['currentValue'],
          ].join(' '),
        ),
      ),
    );
}

/** Renovate's regular expressions are those of RE2, which looks neither ahead nor back. */
function re2(expression: string): RegExp {
  expect(expression).not.toMatch(/\(\?<?[=!]/);
  return new RegExp(expression, 'g');
}

/** Between slashes it is a regular expression, otherwise the file itself. */
function matches(pattern: string, file: string): boolean {
  return pattern.startsWith('/') ? new RegExp(pattern.slice(1, -1)).test(file) : pattern === file;
}

test('Renovate knows each chart of others that Argo CD installs, with its version and where it is from', () => {
  const charts = [...readInventory(WORKSPACE).applications.values()].flatMap(({ chart }) =>
    chart === undefined
      ? []
      : [
          [
            chart.repoURL.startsWith('https:') ? 'helm' : 'docker',
            chart.repoURL,
            chart.name,
            chart.version,
          ].join(' '),
        ],
  );
  expect(charts.length).toBeGreaterThan(0);
  expect(foundIn(VALUES).sort()).toEqual(charts.sort());
});
