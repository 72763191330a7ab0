import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { downloadGoModule, readGoModules } from './go-module.ts';
import { SCHEMA_SOURCES } from './sources.ts';

let folder = '';
const signal = new AbortController().signal;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modules-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

describe('A list of modules', () => {
  it('has a name, a path, a version and a checksum a line', () => {
    const file = join(folder, 'list');
    writeFileSync(file, '# what it is for\n\nwidgets example.org/widgets v1.2.3 h1:abc=\n');
    expect(readGoModules(file)).toEqual([
      { name: 'widgets', path: 'example.org/widgets', version: 'v1.2.3', sum: 'h1:abc=' },
    ]);
  });

  it('is refused with the line that lacks something', () => {
    const file = join(folder, 'list');
    writeFileSync(file, '# first\nwidgets example.org/widgets v1.2.3\n');
    expect(() => readGoModules(file)).toThrow(
      `${file}:2: has to be "name module version checksum", and is "widgets example.org/widgets v1.2.3".`,
    );
  });
});

describe('A module', () => {
  const pinned = readGoModules(join(SCHEMA_SOURCES, 'go-modules.txt')).find(
    ({ name }) => name === 'plugin-barman-cloud',
  );

  it('is refused when it is not what is pinned', { timeout: 120_000 }, async () => {
    if (pinned === undefined) throw new Error('go-modules.txt has no plugin-barman-cloud');
    const changed = { ...pinned, sum: 'h1:AAAA=' };
    await expect(downloadGoModule(changed, { cache: folder, signal })).rejects.toThrow(
      `has the checksum ${pinned.sum}, and h1:AAAA= is pinned.`,
    );
  });

  it('that does not exist is told with the reason of Go', { timeout: 120_000 }, async () => {
    const absent = { name: 'x', path: 'k8s.io/api', version: 'v9.9.9', sum: 'h1:AAAA=' };
    await expect(downloadGoModule(absent, { cache: folder, signal })).rejects.toThrow(
      /^k8s\.io\/api v9\.9\.9 could not be fetched: .+\nIs there a network/,
    );
  });

  it('without Go is told with how to get Go', async () => {
    const any = { name: 'x', path: 'example.org/x', version: 'v1.0.0', sum: 'h1:AAAA=' };
    await expect(downloadGoModule(any, { cache: folder, signal, go: join(folder, 'go') })).rejects.toThrow(
      /is missing\. It fetches the definitions .* Install Go 1\.26 or newer/,
    );
  });
});
