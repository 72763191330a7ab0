import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ensureSchemas } from './schema-cache.ts';
import type { SchemaSource } from './sources.ts';

let cache = '';
let lines: string[] = [];
const log = (line: string) => lines.push(line);

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'schemas-'));
  lines = [];
  onTestFinished(() => rmSync(cache, { recursive: true, force: true }));
});

function source(load: SchemaSource['load'], version = '1.2.3'): SchemaSource {
  return { name: 'widgets', version, kubernetes: false, load };
}

const one = new Map([['example.org/widget-v1.json', { type: 'object' }]]);

describe('Schemas in the cache', () => {
  it('are made once and then found', async () => {
    let made = 0;
    const sources = [
      source(() => {
        made++;
        return Promise.resolve(one);
      }),
    ];
    const first = await ensureSchemas({ log, cache, sources });
    const second = await ensureSchemas({ log, cache, sources });
    expect(made).toBe(1);
    expect(second).toEqual(first);
    const [folder = ''] = first.custom;
    expect(JSON.parse(readFileSync(join(folder, 'example.org/widget-v1.json'), 'utf8'))).toEqual({
      type: 'object',
    });
  });

  it('are made once by two who need them at the same time', async () => {
    let made = 0;
    const sources = [
      source(async () => {
        made++;
        await new Promise((resolve) => setTimeout(resolve, 50));
        return one;
      }),
    ];
    const [first, second] = await Promise.all([
      ensureSchemas({ log, cache, sources }),
      ensureSchemas({ log, cache, sources }),
    ]);
    expect(made).toBe(1);
    expect(second).toEqual(first);
  });

  it('are not taken for done when making them was broken off', async () => {
    const broken = source((folder) => {
      writeFileSync(join(folder, 'half'), '');
      return Promise.reject(new Error('no network'));
    });
    await expect(ensureSchemas({ log, cache, sources: [broken] })).rejects.toThrow('no network');
    expect(readdirSync(cache)).toEqual([]);
    const { custom } = await ensureSchemas({ log, cache, sources: [source(() => Promise.resolve(one))] });
    expect(existsSync(join(custom[0] ?? '', 'example.org'))).toBe(true);
  });

  it('of another version stand beside', async () => {
    const old = await ensureSchemas({ log, cache, sources: [source(() => Promise.resolve(one))] });
    const bumped = await ensureSchemas({
      log,
      cache,
      sources: [source(() => Promise.resolve(one), '1.2.4')],
    });
    expect(bumped.custom).not.toEqual(old.custom);
  });

  it('tell when they begin and how long they took', async () => {
    await ensureSchemas({ log, cache, sources: [source(() => Promise.resolve(one))] });
    expect(lines).toEqual([
      'Schemas of widgets 1.2.3: are fetched, once',
      expect.stringMatching(/^Schemas of widgets 1\.2\.3: 1 kinds after \d+\.\d s$/),
    ]);
  });

  it('are not an empty folder when a source has nothing', async () => {
    const empty = source(() => Promise.resolve(new Map()));
    await expect(ensureSchemas({ log, cache, sources: [empty] })).rejects.toThrow(
      'widgets 1.2.3 has no definitions.',
    );
  });

  it('say which folder cannot be written', async () => {
    const file = join(cache, 'file');
    writeFileSync(file, '');
    await expect(
      ensureSchemas({ log, cache: file, sources: [source(() => Promise.resolve(one))] }),
    ).rejects.toThrow(`The cache folder ${file} cannot be written`);
  });
});
