import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { describeSize, overBudget, treeSize } from './tree-size.ts';

it('counts every file once, names the largest parts, and says by how much an image is too large', () => {
  const tree = mkdtempSync(join(tmpdir(), 'tree-size-'));
  onTestFinished(() => rmSync(tree, { recursive: true }));
  const files = {
    'apps/shop/main.ts': 100_000,
    'libs/lib/index.ts': 200_000,
    'node_modules/a/index.js': 1_000_000,
    'node_modules/a/node_modules/@b/c/lib/index.js': 3_000_000,
  };
  for (const [file, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), Buffer.alloc(bytes));
  }
  symlinkSync('../libs/lib', join(tree, 'node_modules/lib'));

  const size = treeSize(tree);

  expect(size).toEqual({
    bytes: 4_300_000,
    files: 4,
    parts: [
      ['node_modules/a/node_modules/@b/c', 3_000_000],
      ['node_modules/a', 1_000_000],
      ['libs', 200_000],
      ['apps', 100_000],
    ],
  });
  expect(describeSize('shop', size)).toContain('shop: 4.3 MB in 4 files, of 40.0 MB at most.');
  expect(overBudget('shop', size)).toBeUndefined();
  expect(overBudget('shop', size, 4_000_000)).toContain('0.3 MB larger than the 4.0 MB it may have.');
});
