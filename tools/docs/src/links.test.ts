import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deadLinks } from './links.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter(Boolean);

describe('every link of', () => {
  it.each(pages)('%s leads somewhere', (page) => {
    expect(deadLinks(ROOT, page)).toEqual([]);
  });
});

describe('a dead link is found', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'links-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const why = (text: string) => {
    writeFileSync(join(root, 'page.md'), text);
    return deadLinks(root, 'page.md').map((link) => `${link.line}: ${link.why}`);
  };

  it('when the file is missing', () => expect(why('one\n[two](gone.ts)')).toEqual(['2: no such file']));
  it('when the heading is missing', () =>
    expect(why('# Here it is\n[a](#here-it-is) [b](#gone)')).toEqual(['2: no such heading']));
  it('when it leads out', () => expect(why('[x](../secret.md)')).toEqual(['1: leads out of the repository']));
  it('but not in code', () => expect(why('```\n[x](gone)\n```\n`[y](gone)`')).toEqual([]));
});
