import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseVersion } from './programs.ts';
import { TOOLS } from './tools.ts';

/** The version of the module in go.mod that holds the tool. */
function goVersion(folder: string, program: string): string | undefined {
  const text = readFileSync(join(import.meta.dirname, '..', folder, 'go.mod'), 'utf8');
  const versions = [...text.matchAll(/^\s*(?:require )?(\S+) (v\S+)/gm)].map(
    ([, path = '', version = '']) => ({ path, version }),
  );
  return versions.find(({ path }) => `${program}/`.startsWith(`${path}/`))?.version;
}

const [others, ours] = [
  Object.values(TOOLS).filter(({ go }) => go.sources === undefined),
  Object.values(TOOLS).filter(({ go }) => go.sources !== undefined),
];

test.each(others.map((tool) => [tool.name, tool] as const))(
  'every way to get %s leads to the same version',
  (_, { version, go, image, install, npm, fits }) => {
    const built = goVersion(go.folder, go.package);
    expect(built).toBe(go.folder === 'promtool' ? 'v0.316.0' : `v${version}`);
    expect(image.name).toContain(version);
    expect(npm?.spec ?? '@2.2.2').toMatch(/@\d+\.\d+\.\d+$/);
    expect(install).toMatch(new RegExp(version.split('.').slice(0, 1).join('.')));
    expect(fits(parseVersion(version) ?? [0, 0, 0])).toBe(true);
    expect(fits([version.startsWith('3') ? 4 : 3, 0, 0])).toBe(false);
  },
);

test.each(ours.map((tool) => [tool.name, tool] as const))(
  '%s is built in a container with the Go that its module asks for',
  (_, { go, image }) => {
    const text = readFileSync(join(import.meta.dirname, '..', go.folder, 'go.mod'), 'utf8');
    expect(image.name).toBe(`docker.io/library/golang:${/^go (\S+)$/m.exec(text)?.[1] ?? ''}`);
  },
);

test('the version is found in what programs say', () => {
  expect(parseVersion('v4.1.4+g05fa379')).toEqual([4, 1, 4]);
  expect(parseVersion('promtool, version 3.16.0 (branch: HEAD)')).toEqual([3, 16, 0]);
  expect(parseVersion('development')).toBeUndefined();
});
