import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parseOptions } from './options.ts';

const images = ['console', 'store'];

const workspace = () => {
  const root = mkdtempSync(join(tmpdir(), 'images-options-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  return { root, images };
};

it('has defaults, and takes what is given', () => {
  const here = workspace();
  expect(parseOptions(['store'], {}, here)).toEqual({
    image: 'store',
    out: join(here.root, 'dist/images/store'),
    target: { os: 'linux', cpu: process.arch, libc: 'glibc' },
  });
  expect(
    parseOptions(['--out', 'there', 'console', '--cpu=arm64'], { SOURCE_DATE_EPOCH: '1700000000' }, here),
  ).toEqual({
    image: 'console',
    out: join(here.root, 'there'),
    target: { os: 'linux', cpu: 'arm64', libc: 'glibc' },
    epoch: 1_700_000_000,
  });
  expect(parseOptions(['-h'], {}, here)).toBe('help');
});

it.each([
  [[], {}, 'An image is missing, one of console, store.'],
  [['shop'], {}, 'There is no image "shop". Images: console, store.'],
  [['store', 'console'], {}, 'One image at a time; "console" is not expected.'],
  [['store', '--cpu', 'ppc'], {}, '--cpu has to be x64 or arm64, and is "ppc".'],
  [['store', '--out', ' '], {}, '--out has to name a folder.'],
  [['store', '--out', 'file'], {}, 'file holds something else than an image tree; name an empty folder.'],
  [['store', '--out', 'other'], {}, 'other holds something else than an image tree; name an empty folder.'],
  [['store', '--wrong'], {}, "Unknown option '--wrong'"],
  [['store'], { SOURCE_DATE_EPOCH: 'now' }, 'SOURCE_DATE_EPOCH has to be seconds since 1970, and is "now".'],
])('%j with %j is refused: %s', (args, env, message) => {
  const here = workspace();
  writeFileSync(join(here.root, 'file'), '');
  mkdirSync(join(here.root, 'other/apps'), { recursive: true });
  writeFileSync(join(here.root, 'other/LICENSE'), '');
  writeFileSync(join(here.root, 'other/notes.txt'), '');
  expect(() => parseOptions(args, env, here)).toThrow(message);
});

it('replaces what it has made before, and an empty folder', () => {
  const here = workspace();
  mkdirSync(join(here.root, 'tree/apps'), { recursive: true });
  mkdirSync(join(here.root, 'empty'));
  writeFileSync(join(here.root, 'tree/LICENSE'), '');
  for (const out of ['tree', 'empty'])
    expect(parseOptions(['store', '--out', out], {}, here)).toBeTypeOf('object');
});
