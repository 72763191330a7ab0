import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Lock, productionSet, readLock } from './lockfile.ts';

const LINUX = { os: 'linux', cpu: 'x64', libc: 'glibc' };

const LOCK: Lock = {
  'apps/shop': {
    dependencies: { '@eda/lib': '*', a: '1' },
    devDependencies: { tester: '1' },
  } as Lock[string],
  'libs/lib': { dependencies: { b: '2' } },
  'libs/lib/node_modules/b': { version: '2.0.0' },
  'node_modules/@eda/lib': { resolved: 'libs/lib', link: true },
  'node_modules/a': { version: '1.0.0', dependencies: { b: '1', c: '1' } },
  'node_modules/a/node_modules/c': { version: '1.1.0', dependencies: { d: '1' } },
  'node_modules/b': { version: '1.0.0', dependencies: { a: '1' } },
  'node_modules/c': { version: '9.0.0' },
  'node_modules/d': { version: '1.0.0' },
  'node_modules/tester': { version: '1.0.0' },
};

describe('what an app needs to run', () => {
  it('is what Node would find from where it is imported, nested before hoisted', () => {
    const { workspaces, links, packages } = productionSet(LOCK, 'apps/shop', LINUX);

    expect(workspaces).toEqual(['apps/shop', 'libs/lib']);
    expect([...links]).toEqual([['node_modules/@eda/lib', 'libs/lib']]);
    expect([...packages]).toEqual([
      ['libs/lib/node_modules/b', '2.0.0'],
      ['node_modules/a', '1.0.0'],
      ['node_modules/a/node_modules/c', '1.1.0'],
      ['node_modules/b', '1.0.0'],
      ['node_modules/d', '1.0.0'],
    ]);
  });

  it.each([
    [{ os: ['linux'], cpu: ['x64'], libc: ['glibc'] }, true],
    [{ os: ['linux'], cpu: ['x64'], libc: ['musl'] }, false],
    [{ cpu: ['arm64'] }, false],
    [{ os: ['!win32'] }, true],
    [{ os: ['!linux'] }, false],
    [{ os: [] }, true],
  ])('has an optional package for %j: %s', (made, expected) => {
    const lock: Lock = {
      'apps/shop': { optionalDependencies: { native: '1' } },
      'node_modules/native': { version: '1.0.0', ...made },
    };
    expect(productionSet(lock, 'apps/shop', LINUX).packages.has('node_modules/native')).toBe(expected);
  });

  it('goes without optional packages and optional peers that are not there, and has peers that are needed', () => {
    const lock: Lock = {
      'apps/shop': {
        optionalDependencies: { absent: '1' },
        peerDependencies: { needed: '1', whoever: '1' },
        peerDependenciesMeta: { whoever: { optional: true } },
      },
      'node_modules/needed': { version: '1.0.0' },
      'node_modules/whoever': { version: '1.0.0' },
    };
    expect([...productionSet(lock, 'apps/shop', LINUX).packages.keys()]).toEqual(['node_modules/needed']);
  });

  it.each([
    [{}, 'does not have apps/shop.'],
    [{ 'apps/shop': { dependencies: { a: '1' } } }, 'does not have a, which apps/shop needs.'],
    [
      { 'apps/shop': { dependencies: { a: '1' } }, 'node_modules/a': { cpu: ['arm64'] } },
      'node_modules/a, which apps/shop needs, does not run on linux x64.',
    ],
  ])('cannot be told from %j', (lock, message) => {
    expect(() => productionSet(lock, 'apps/shop', LINUX)).toThrow(message);
  });
});

it.each([
  [undefined, 'package-lock.json cannot be read: ENOENT'],
  ['{', 'package-lock.json cannot be read: '],
  ['null', 'package-lock.json has no "packages"'],
  ['{"lockfileVersion":1}', 'package-lock.json has no "packages"'],
])('a lock of %j is refused', (text, message) => {
  const root = mkdtempSync(join(tmpdir(), 'lock-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  if (text !== undefined) writeFileSync(join(root, 'package-lock.json'), text);
  expect(() => readLock(root)).toThrow(message);
});
