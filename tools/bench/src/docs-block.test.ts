import { expect, test } from 'vitest';
import { MarksMissing, replaceBlock } from './docs-block.ts';

const page = '# Page\n\nby hand\n\n<!-- bench:begin -->\n\nold\n\n<!-- bench:end -->\n\nmore by hand\n';

test('only what stands between the marks is replaced', () => {
  expect(replaceBlock(page, 'bench', 'new\n')).toBe(page.replace('old', 'new'));
});

test('the same content again changes nothing', () => {
  const once = replaceBlock(page, 'bench', 'new');
  expect(replaceBlock(once, 'bench', 'new')).toBe(once);
});

test('content is taken as it is, dollar signs too', () => {
  expect(replaceBlock(page, 'bench', "a $& $1 $' b")).toContain("a $& $1 $' b");
});

test.each([
  ['no marks', '# Page\n'],
  ['no end', page.replace('<!-- bench:end -->', '')],
  ['the marks of another block', page.replaceAll('bench:', 'other:')],
  ['the begin twice', `${page}<!-- bench:begin -->`],
  ['the end twice', `${page}<!-- bench:end -->`],
  ['the end in front', '<!-- bench:end --> <!-- bench:begin -->'],
])('a page with %s is refused', (_, document) => {
  expect(() => replaceBlock(document, 'bench', 'new')).toThrow(MarksMissing);
});
