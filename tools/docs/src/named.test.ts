import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { missingNames } from './named.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What the examples of how-tos make, and Secrets in the namespace of the apps. */
const INVENTED = [
  ...['notifications', 'DeliveryArrived', 'envs/test', 'values-test', 'sealing/test', 'retail/v2'],
  ...['-database', 'apps/mailer'],
];

describe('everything is there that is named in', () => {
  it.each(readdirSync(join(ROOT, 'docs/how-to')))('%s', (page) => {
    expect(missingNames(ROOT, `docs/how-to/${page}`, INVENTED)).toEqual([]);
  });
});

describe('something that is not there is found', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'named-'));
    mkdirSync(join(root, 'tools/here'), { recursive: true });
    writeFileSync(join(root, 'package.json'), '{ "scripts": { "check:all": "true" } }');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const why = (text: string) => {
    writeFileSync(join(root, 'page.md'), text);
    return missingNames(root, 'page.md', ['mine']).map(({ line, name, why }) => `${line} ${name}: ${why}`);
  };

  it('when a script has another name', () =>
    expect(why('`npm run check:all`\n```sh\nnpm run --silent check -- --help\n```')).toEqual([
      '3 check: no such script',
    ]));
  it('when a file has another name', () =>
    expect(why('`tools/here` and `tools/gone.ts`\n```sh\ncp -r tools/here tools/there\n```')).toEqual([
      '1 tools/gone.ts: no such file',
      '3 tools/there: no such file',
    ]));
  it('when no test begins like that', () =>
    expect(why('`npx vitest run tools/he tools/gone`')).toEqual(['1 tools/gone: no such file']));
  it('but not in prose, in comments, with placeholders or in examples', () =>
    expect(why('tools/gone `tools/<name>/a` `tools/mine/b`\n```sh\nls # tools/gone\n```')).toEqual([]));
});
