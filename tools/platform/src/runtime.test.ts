import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ProgressEvent } from './progress.ts';
import { ensureRuntime } from './runtime.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Does what Maven does for us: puts the artifacts where `-Dout` says. */
const FETCHES = `
for argument in "$@"; do case "$argument" in -Dout=*) out="\${argument#-Dout=}" ;; esac; done
mkdir -p "$out/kafka" "$out/app" && echo jar > "$out/kafka/kafka.jar" && echo run > "$out/app/quarkus-run.jar"
tar -czf "$out/registry.tar.gz" -C "$out/app" quarkus-run.jar && rm -r "$out/app"
`;

/** A place with its own cache and its own `mvn`; `calls` counts how often that ran. */
function place(script?: string) {
  const folder = temporaryFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const counter = join(folder, 'calls');
  writeFileSync(counter, '');
  if (script !== undefined) {
    writeFileSync(
      join(bin, 'mvn'),
      `#!/bin/sh\necho x >> '${counter}'\ncalls=$(wc -l < '${counter}')\n${script}\n`,
      { mode: 0o755 },
    );
  }
  vi.stubEnv('PATH', script === undefined ? bin : `${bin}${delimiter}${process.env['PATH'] ?? ''}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const cache = join(folder, 'cache');
  const events: ProgressEvent[] = [];
  const signal = new AbortController().signal;
  return {
    folder,
    cache,
    events,
    calls: () => readFileSync(counter, 'utf8').split('x').length - 1,
    ensure: (options: { cache?: string } = {}) =>
      ensureRuntime({
        java: '/usr/bin/java',
        signal,
        onProgress: (event) => events.push(event),
        cache,
        ...options,
      }),
  };
}

const fails = (text: string) => `printf '%s\\n' '${text}'; exit 1`;

describe('The programs of the embedded provider', () => {
  it('are fetched once', async () => {
    const { ensure, calls, cache } = place(FETCHES);
    const first = await ensure();
    expect(first.fetched).toBe(true);
    expect(readFileSync(join(first.kafkaHome, 'kafka.jar'), 'utf8')).toBe('jar\n');
    expect(readFileSync(join(first.registryHome, 'quarkus-run.jar'), 'utf8')).toBe('run\n');
    expect(await ensure()).toEqual({ ...first, fetched: false });
    expect(calls()).toBe(1);
    expect(readdirSync(cache)).toHaveLength(1);
  });

  it('are fetched once by two starts at the same time', async () => {
    const { ensure, calls } = place(FETCHES);
    const results = await Promise.all([ensure(), ensure()]);
    expect(results.map(({ fetched }) => fetched).sort()).toEqual([false, true]);
    expect(calls()).toBe(1);
  });

  it('are fetched again when a file has been cut', async () => {
    const { ensure } = place(FETCHES);
    const { kafkaHome } = await ensure();
    truncateSync(join(kafkaHome, 'kafka.jar'), 1);
    expect((await ensure()).fetched).toBe(true);
    expect(readFileSync(join(kafkaHome, 'kafka.jar'), 'utf8')).toBe('jar\n');
  });

  it('are never there by half, and the next start goes on with what has arrived', async () => {
    const breaksOff = `
for argument in "$@"; do case "$argument" in -Dmaven.repo.local=*) repository="\${argument#-Dmaven.repo.local=}" ;; esac; done
if [ "$calls" = 1 ]; then mkdir -p "$repository" && echo part > "$repository/arrived"; kill -9 $$; fi
test -f "$repository/arrived" || exit 1`;
    const { ensure, cache } = place(breaksOff + FETCHES);
    await expect(ensure()).rejects.toThrow();
    expect(readdirSync(cache).filter((name) => name.startsWith('runtime-'))).toEqual([]);
    expect((await ensure()).fetched).toBe(true);
  });

  it('are fetched a second time when a checksum was wrong', async () => {
    const { ensure, calls, events } = place(
      `[ "$calls" = 1 ] && { ${fails('[ERROR] Checksum validation failed, expected 1 but is 2')}; }${FETCHES}`,
    );
    expect((await ensure()).fetched).toBe(true);
    expect(calls()).toBe(2);
    expect(events.some((event) => event.kind === 'note' && event.text.includes('Fetching it again.'))).toBe(
      true,
    );
  });

  it('are fetched a second time when the archive cannot be unpacked', async () => {
    const { ensure, calls } = place(
      `${FETCHES}\n[ "$calls" = 1 ] && echo garbage > "$out/registry.tar.gz"; true`,
    );
    expect((await ensure()).fetched).toBe(true);
    expect(calls()).toBe(2);
  });
});

describe('A fetch that fails says why and what to do', () => {
  it.each([
    [
      '[ERROR] Checksum validation failed, expected 1 but is 2',
      'A download is broken: its checksum is wrong, also after a second try.',
    ],
    ['[ERROR] GET request of: a.jar failed: No space left on device', 'The disk is full'],
    [
      '[ERROR] Could not transfer artifact a: central: Name or service not known',
      'Maven does not reach its repository.\nIs there a network?',
    ],
    [
      '[ERROR] The goal you specified requires something',
      'Maven failed: The goal you specified requires something',
    ],
  ])('%s', async (line, message) => {
    const { ensure, cache } = place(fails(line));
    await expect(ensure()).rejects.toThrow(message);
    expect(existsSync(join(cache, 'lock'))).toBe(false);
  });

  it('no Maven', async () => {
    await expect(place().ensure()).rejects.toThrow('Maven is missing: there is no "mvn" on the PATH.');
  });

  it('a cache folder that cannot be written', async () => {
    const { ensure, folder } = place(FETCHES);
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    await expect(ensure({ cache: join(file, 'cache') })).rejects.toThrow(
      /^The cache folder .* cannot be written .*\n.*XDG_CACHE_HOME/,
    );
  });
});
