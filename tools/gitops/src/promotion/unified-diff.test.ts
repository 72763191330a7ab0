import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/shop-repository.setup.ts';
import { unifiedDiff } from './unified-diff.ts';

const lines = (...numbers: (number | string)[]) => numbers.map((text) => `${text}\n`).join('');
const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);

it.each<[string, string, string]>([
  ['a line changes', lines(...upTo(9)), lines(1, 2, 3, 4, 'five', 6, 7, 8, 9)],
  ['a line comes', lines(1, 2), lines(1, 'more', 2)],
  ['a line goes at the end', lines(1, 2, 3), lines(1, 2)],
  [
    'two places are far apart',
    lines(...upTo(30)),
    lines('one', ...upTo(30).slice(1, 25), 'last', ...upTo(30).slice(26)),
  ],
  ['two places are near', lines(...upTo(12)), lines(1, 2, 'x', 4, 5, 6, 7, 8, 'y', 10, 11, 12)],
  ['all of it comes', '', lines(1, 2)],
  ['all of it goes', lines(1, 2), ''],
])('is what git shows when %s', (_, before, after) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a'), before);
  writeFileSync(join(folder, 'b'), after);
  expect(unifiedDiff(before, after).map(({ sign, text }) => (sign === '@' ? text : sign + text))).toEqual(
    gitDiff(folder),
  );
});

it('is empty for the same text', () => {
  expect(unifiedDiff('a\nb\n', 'a\nb\n')).toEqual([]);
});

function gitDiff(folder: string): string[] {
  try {
    execFileSync('git', ['diff', '--no-index', '--no-color', 'a', 'b'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return [];
  } catch (error) {
    const { stdout } = error as { stdout: string };
    const text = stdout.slice(stdout.indexOf('\n@@') + 1).trimEnd();
    // git leaves out a length of 1, and shows the line before after the second @@.
    return text
      .split('\n')
      .map((line) =>
        line.replace(
          /^@@ -(\d+)(,\d+)? \+(\d+)(,\d+)? @@.*/,
          (_, one: string, a = ',1', other: string, b = ',1') =>
            `@@ -${one}${String(a)} +${other}${String(b)} @@`,
        ),
      );
  }
}
