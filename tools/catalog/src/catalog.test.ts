/** What the site says, of contracts that the generator has not seen before; and that every link in it leads somewhere. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runCli } from '@eda/contracts-cli/cli';
import { buildCatalog, catalogFiles } from './build-catalog.ts';

const ROOT = join(import.meta.dirname, '../../..');
const OPTIONS = { bootstrap: '127.0.0.1:9092', eventTime: '2026-01-15T09:30:00.000Z' };
const MOVED = 'schemas/retail/v1/StockMoved.avsc';
const QUIET = { out: () => undefined, err: () => undefined };

/** A copy of this repository's contracts, to be changed. */
function copy() {
  const root = mkdtempSync(join(tmpdir(), 'catalog-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  cpSync(join(ROOT, 'schemas'), join(root, 'schemas'), { recursive: true });
  for (const app of readdirSync(join(ROOT, 'apps')))
    for (const file of ['asyncapi.yaml', 'asyncapi.bundle.json', 'openapi.json']) {
      if (!existsSync(join(ROOT, 'apps', app, file))) continue;
      mkdirSync(join(root, 'apps', app), { recursive: true });
      cpSync(join(ROOT, 'apps', app, file), join(root, 'apps', app, file));
    }
  const change = (file: string, from: string, to: string) => {
    const text = readFileSync(join(root, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`);
    writeFileSync(join(root, file), text.replace(from, to));
  };
  return { root, change, files: () => catalogFiles(root, OPTIONS) };
}

/** The page without the spaces that only lay it out. */
const textOf = (files: ReadonlyMap<string, string>, file: string) =>
  (files.get(file) ?? `there is no ${file}`)
    .replace(/\s+/g, ' ')
    .replaceAll(' >', '>')
    .replace(/ ?(<\/?(?:dt|dd|div|td|tr)>) ?/g, '$1');

it('has a page for each event and each app, and no link that leads nowhere', () => {
  const files = copy().files();
  expect([...files.keys()].filter((file) => file.endsWith('.html')).sort()).toEqual([
    'apps/console.html',
    'apps/inventory.html',
    'apps/replenishment.html',
    'apps/store-simulator.html',
    'apps/store.html',
    'events/retail.item-stock.v1.html',
    'events/retail.replenishment-requested.v1.html',
    'events/retail.stock-moved.v1.html',
    'events/retail.store-stock.v1.html',
    'index.html',
    'lineage.html',
  ]);
  const links = [...files].flatMap(([file, text]) =>
    file.endsWith('.html')
      ? [...text.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, target = '']) => ({ file, target }))
      : [],
  );
  const entries = JSON.parse(
    /^globalThis.CATALOG = (.*);\n$/s.exec(files.get('search-index.js') ?? '')?.[1] ?? '',
  ) as {
    page: string;
  }[];
  links.push(...entries.map(({ page }) => ({ file: 'index.html', target: page })));
  expect(links.length).toBeGreaterThan(150);
  const dead = links.filter(({ file, target }) => {
    const [path = '', anchor] = target.split('#');
    const page = path === '' ? file : posix.join(posix.dirname(file), path);
    const text = files.get(page);
    return text === undefined || (anchor !== undefined && !text.includes(`id="${anchor}"`));
  });
  expect(dead).toEqual([]);
});

it('says of an event what its schema, its metadata and the apps say', () => {
  const { change, files } = copy();
  change('schemas/retail/v1/StockMoved.meta.yaml', 'pii: []', 'pii: [storeId]\nunits: { quantity: pieces }');
  const page = textOf(files(), 'events/retail.stock-moved.v1.html');
  expect(page).toContain('Counts pieces.');
  expect(page).toContain(
    '<code id="field-storeId">storeId</code> <span class="mark key">key</span> <span class="mark personal">',
  );
  expect(page).toContain('One of <code>UNKNOWN</code>, <code>SALE</code>, <code>RESTOCK</code>.');
  expect(page).toContain('decimal(12, 2) or null');
  expect(page).toContain('7 days');
  expect(page).toContain('<code>retail.stock-moved.v1.inventory.dlq</code>');
  expect(page).toMatch(/<dt>Published by<\/dt><dd><a href="..\/apps\/store.html">store<\/a>/);
  expect(page).toMatch(/<dt>Consumed by<\/dt><dd><a href="..\/apps\/inventory.html">inventory<\/a>/);
  expect(page).toMatch(/May lead to<\/dt><dd>.*StoreStockChanged.*ReplenishmentRequested/s);
});

it('tells what changed from version to version, and what is not released', async () => {
  const { root, change, files } = copy();
  const addField = (name: string) =>
    change(
      MOVED,
      '"fields": [',
      `"fields": [{ "name": "${name}", "type": "string", "default": "", "doc": "The ${name}." },`,
    );
  addField('channel');
  expect(await runCli(['release'], root, QUIET)).toBe(0);
  addField('till');
  const page = textOf(files(), 'events/retail.stock-moved.v1.html');
  const versions = page.slice(page.indexOf('id="versions"'), page.indexOf('id="uses"'));
  expect(versions.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')).toContain(
    'Not released yet till is new: string, &#34;&#34; where it is missing. ' +
      'Version 2 channel is new: string, &#34;&#34; where it is missing. Version 1 The first.',
  );
});

it('shows both interfaces of an app side by side', () => {
  const page = textOf(copy().files(), 'apps/store.html');
  expect(page).toContain('sends (publish)');
  expect(page).toContain('<code>POST /');
  expect(page).toContain('href="store.asyncapi.json"');
  expect(page).toContain('href="store.openapi.json"');
  expect(page).toContain(
    '<tr><td>topic</td><td><a href="../events/retail.stock-moved.v1.html"><code>retail.stock-moved.v1</code></a></td><td>Write</td></tr>',
  );
  expect(page).toMatch(/<dt>Called by<\/dt><dd><a href="..\/apps\/store-simulator.html">/);
});

it('takes what contracts say for text', () => {
  const { change, files } = copy();
  const attack = `</script><script>alert(1)</script><img src=x onerror='alert(1)' alt="a">`;
  change(MOVED, 'for example Item_1', attack.replaceAll('"', '\\"'));
  change('apps/store/asyncapi.yaml', 'title: Store', `title: '${attack.replaceAll("'", "''")}'`);
  const all = files();
  for (const [file, text] of all) {
    if (/\.(?:avsc|json|yaml|ndjson)$/.test(file)) continue;
    expect(text, file).not.toContain('<script>alert');
    expect(text, file).not.toContain('<img');
  }
  expect(textOf(all, 'apps/store.html')).toContain('&#60;img src=x onerror=&#39;');
});

it('is the same when it is made again, and takes the place of what stood there', () => {
  const { root, files } = copy();
  expect([...files()]).toEqual([...files()]);
  const out = join(root, 'out');
  mkdirSync(join(out, 'events'), { recursive: true });
  writeFileSync(join(out, 'events/gone.html'), '');
  expect(buildCatalog(root, out, OPTIONS)).toBe(files().size);
  expect(existsSync(join(out, 'events/gone.html'))).toBe(false);
  expect(readFileSync(join(out, 'index.html'), 'utf8')).toBe(files().get('index.html'));
  expect(existsSync(dirname(join(out, 'apps/store.html')))).toBe(true);
});

it('tells of a bundle that is missing', () => {
  const { root, files } = copy();
  rmSync(join(root, 'apps/store/asyncapi.bundle.json'));
  expect(files).toThrow(
    'apps/store/asyncapi.bundle.json is missing. Write it from the contracts: npx contracts generate',
  );
});

it.each([
  ['{', 'is not JSON'],
  ['null', 'has no "paths"'],
  ['[]', 'has no "paths"'],
  ['{"paths":null}', 'has no "paths"'],
])('tells of an OpenAPI document that is %s', (text, what) => {
  const { root, files } = copy();
  writeFileSync(join(root, 'apps/store/openapi.json'), text);
  expect(files).toThrow(`apps/store/openapi.json ${what}. Write it from the routes`);
});

it('bears an OpenAPI document with entries that say nothing', () => {
  const { root, files } = copy();
  writeFileSync(join(root, 'apps/store/openapi.json'), '{"paths":{"/x":null,"/y":{"get":1,"put":{}}}}');
  expect(textOf(files(), 'apps/store.html')).toContain('<code>PUT /y</code>');
});
