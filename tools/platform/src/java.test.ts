import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findJava, javaCandidates, parseJavaVersion } from './java.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A program that says of itself what Java of that version says. */
function fakeJava(home: string, version: string): string {
  mkdirSync(join(home, 'bin'), { recursive: true });
  const path = join(home, 'bin/java');
  writeFileSync(path, `#!/bin/sh\necho 'openjdk version "${version}" 2026-01-01' >&2\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('Java', () => {
  it('is known by its major version', () => {
    expect(parseJavaVersion('openjdk version "25.0.3" 2026-04-21 LTS\nOpenJDK Runtime')).toBe(25);
    expect(parseJavaVersion('java version "1.8.0_412"')).toBe(8);
    expect(parseJavaVersion('openjdk version "27-ea" 2027-03-16')).toBe(27);
    expect(parseJavaVersion('command not found')).toBeUndefined();
  });

  it('is taken from the first place that has one new enough', async () => {
    const folder = temporaryFolder();
    const old = fakeJava(join(folder, 'old'), '17.0.15');
    const fitting = fakeJava(join(folder, 'fitting'), '21.0.3');
    const newer = fakeJava(join(folder, 'newer'), '25.0.1');
    const candidates = [join(folder, 'absent/bin/java'), old, fitting, newer].map((path) => ({
      path,
      from: 'PATH',
    }));
    expect(await findJava(candidates)).toEqual({ path: fitting, version: 21 });
  });

  it('is looked for where the user says, then on the PATH', () => {
    const env = { JAVA_HOME_21_X64: '/j21', JAVA_HOME: '/jdk', PATH: '/a:/b' };
    expect(javaCandidates(env, '/nobody').slice(0, 4)).toEqual([
      { path: '/jdk/bin/java', from: 'JAVA_HOME' },
      { path: '/j21/bin/java', from: 'JAVA_HOME_21_X64' },
      { path: '/a/java', from: 'PATH' },
      { path: '/b/java', from: 'PATH' },
    ]);
  });

  it('that is too old is named, with its place and the way out', async () => {
    const path = fakeJava(join(temporaryFolder(), 'old'), '17.0.15');
    const failure = findJava([{ path, from: 'JAVA_HOME' }]);
    await expect(failure).rejects.toThrow(
      `Java 21 or newer is missing: found only Java 17 at ${path} (JAVA_HOME)`,
    );
    await expect(failure).rejects.toThrow('apt install openjdk-21-jre-headless');
  });

  it('that is nowhere is missed in one message', async () => {
    await expect(findJava([])).rejects.toThrow('Java 21 or newer is missing: found none.');
  });
});
