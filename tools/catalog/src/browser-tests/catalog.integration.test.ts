/** The catalogue in a real browser, opened as files: no server, no network. */
import { chromiumLaunch } from '@eda/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { buildCatalog } from '../build-catalog.ts';

const ROOT = join(import.meta.dirname, '../../../..');

let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'catalog-site-'));
  buildCatalog(ROOT, folder, { bootstrap: '127.0.0.1:9092', eventTime: '2026-01-15T09:30:00.000Z' });
  browser = await chromium.launch(chromiumLaunch());
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** Opens a page; the test fails if it reports errors or asks for anything but its own files. */
async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('request', (request) => {
    if (!request.url().startsWith(pathToFileURL(folder).href)) complaints.push(request.url());
  });
  onTestFinished(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });
  await page.goto(pathToFileURL(join(folder, path)).href);
  return page;
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();

it('leads from the drawing to an event, to its owner, and back', async () => {
  const page = await open('index.html');
  await page
    .getByRole('link', { name: /^StockMoved/ })
    .first()
    .click();
  await page.waitForURL(/retail\.stock-moved\.v1\.html$/);
  expect(await heading(page)).toBe('StockMoved');
  await page.locator('dd').getByRole('link', { name: 'store', exact: true }).first().click();
  await page.waitForURL(/apps\/store\.html$/);
  expect(await heading(page)).toBe('Store');
  await page.getByRole('link', { name: 'Event catalogue' }).click();
  await page.waitForURL(/index\.html$/);
});

it('finds a field by a word of its description, by keyboard alone', async () => {
  const page = await open('apps/console.html');
  await page.keyboard.press('/');
  await page.keyboard.type('price currency');
  await page.getByRole('link', { name: 'unitPrice field of StockMoved' }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/retail\.stock-moved\.v1\.html#field-unitPrice$/);
});

it('says so when nothing is found, and closes with Escape', async () => {
  const page = await open('index.html');
  await page.getByRole('searchbox').fill('<img src=x>');
  await page.getByText('Nothing found').waitFor();
  await page.keyboard.press('Escape');
  expect(await page.getByText('Nothing found').isVisible()).toBe(false);
});

it('is dark when the system is, and remembers what the reader chose', async () => {
  const page = await open('index.html', { colorScheme: 'dark' });
  const theme = () => page.locator('html').getAttribute('data-theme');
  expect(await theme()).toBe('dark');
  await page.getByRole('button', { name: 'Dark' }).click();
  expect(await theme()).toBe('light');
  await page.getByRole('link', { name: 'Lineage' }).click();
  await page.waitForURL(/lineage\.html$/);
  expect(await theme()).toBe('light');
});

it('fits a phone: nothing but the drawing and tables is wider than the screen', async () => {
  for (const path of ['index.html', 'events/retail.stock-moved.v1.html', 'apps/store.html']) {
    const page = await open(path, { viewport: { width: 390, height: 844 } });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
  }
});
