import { expect, it } from 'vitest';
import { rename } from './rename.ts';

const renamings = [
  { from: 'ghcr.io/a/a', to: 'ghcr.io/a/a' },
  { from: 'a-b', to: 'b', notAfter: '.cache/', notIn: ['tools/'] },
  { from: 'b', to: 'c', before: '/' },
];

it.each([
  ['a-b b/ b', 'b c/ b'],
  ['ghcrXio/a/a', 'ghcrXio/a/a'],
  ['.cache/a-b xcache/a-b', '.cache/a-b xcache/b'],
  // What it became is not looked at again.
  ['a-b/', 'b/'],
  ['ghcr.io/a/a-b', 'ghcr.io/a/a-b'],
])('%s becomes %s', (text, renamed) => {
  expect(rename('file', text, renamings)).toBe(renamed);
});

it('leaves a name where it is another thing', () => {
  expect(rename('tools/file', 'a-b b/', renamings)).toBe('a-b c/');
});
