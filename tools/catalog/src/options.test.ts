import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { buildCatalog } from './build-catalog.ts';
import { parseOptions } from './options.ts';

const root = () => {
  const folder = mkdtempSync(join(tmpdir(), 'catalog-options-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

it('has defaults, and takes what is given', () => {
  const folder = root();
  expect(parseOptions([], { SOURCE_DATE_EPOCH: '1700000000' }, folder)).toEqual({
    help: false,
    out: join(folder, 'dist/catalog'),
    bootstrap: '127.0.0.1:9092',
    eventTime: '2023-11-14T22:13:20.000Z',
  });
  const { out, bootstrap, eventTime } = parseOptions(
    ['--out', 'here', '--bootstrap', 'a.example:9093,[::1]:9094'],
    {},
    folder,
  );
  expect([out, bootstrap]).toEqual([join(folder, 'here'), 'a.example:9093,[::1]:9094']);
  expect(Math.abs(Date.parse(eventTime) - Date.now())).toBeLessThan(60_000);
});

it.each([
  [['--out', ' '], {}, '--out has to name a folder.'],
  [['--out', 'file'], {}, 'file holds something else than a catalogue; name an empty folder.'],
  [['--out', 'other'], {}, 'other holds something else than a catalogue; name an empty folder.'],
  [['--bootstrap', 'a b'], {}, '--bootstrap has to be host:port, for example 127.0.0.1:9092, and is "a b".'],
  [['--wrong'], {}, "Unknown option '--wrong'"],
  [['more'], {}, "Unexpected argument 'more'"],
  [[], { SOURCE_DATE_EPOCH: 'abc' }, 'SOURCE_DATE_EPOCH has to be seconds since 1970, and is "abc".'],
  [[], { SOURCE_DATE_EPOCH: '' }, 'SOURCE_DATE_EPOCH has to be seconds since 1970, and is "".'],
  [[], { SOURCE_DATE_EPOCH: '9999999999999999' }, 'SOURCE_DATE_EPOCH has to be seconds'],
])('refuses %j with %j', (args, env, message) => {
  const folder = root();
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'other'));
  writeFileSync(join(folder, 'other/search-index.ts'), '');
  expect(() => parseOptions(args, env, folder)).toThrow(message);
});

it('takes the place of a catalogue whose build was broken off', () => {
  const folder = root();
  const contracts = join(import.meta.dirname, '../../..');
  const options = parseOptions([], {}, folder);
  buildCatalog(contracts, options.out, options);
  for (const file of ['index.html', 'lineage.html', 'events', 'apps'])
    rmSync(join(options.out, file), { recursive: true });
  expect(() => parseOptions([], {}, folder)).not.toThrow();
});
