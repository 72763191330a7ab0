import { TOPOLOGY, itemStockChanged, stockMoved, storeStockChanged } from '@eda/contracts';
import { chromiumLaunch } from '@eda/testing';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createConsoleBench } from '../console.setup.ts';
import type { ConsoleBench, ConsoleUnderTest } from '../console.setup.ts';

const movement = (storeId: string, quantity = 1) =>
  ({ storeId, sku: 'Item_1', quantity, reason: 'RESTOCK', unitPrice: null, occurredAt: new Date() }) as const;

describe('the page in a real browser', () => {
  let bench: ConsoleBench;
  let running: ConsoleUnderTest;
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch(chromiumLaunch());
    bench = await createConsoleBench();
    running = await bench.start();
    await running.shows('that it reads', (snapshot) => snapshot.feed.state === 'live');
  });

  afterAll(async () => {
    await browser.close();
    await bench[Symbol.asyncDispose]();
  });

  /** Opens the page; the test fails if it reports errors or asks another host for anything. */
  async function open(
    options: BrowserContextOptions & { url?: string; lossOfServer?: boolean } = {},
  ): Promise<Page> {
    const { url = running.url, lossOfServer = false, ...context } = options;
    const page = await browser.newPage(context);
    page.setDefaultTimeout(15_000);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      const lost =
        lossOfServer &&
        /ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)|status of 502/.test(
          message.text(),
        );
      if (['error', 'warning'].includes(message.type()) && !lost) complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) complaints.push(`request to ${request.url()}`);
    });
    onTestFinished(async () => {
      await page.close();
      expect(complaints).toEqual([]);
    });
    await page.goto(url);
    await connection(page, 'open');
    return page;
  }

  const connection = (page: Page, state: 'open' | 'reconnecting') =>
    page.locator(`[data-connection=${state}]`).waitFor();

  it('says what to do while there is nothing to see', async () => {
    const page = await open();
    await page.getByText('No movement yet: run npm run golden').waitFor();
    await page.getByText('No stock yet').waitFor();
    await page.getByText('Nothing was given up').waitFor();
  });

  it('draws every app and every topic of the contracts', async () => {
    const page = await open();
    await page.getByLabel('Show observers').check();
    const nodes = page.locator('[data-node]');
    await page.locator('[data-node="app:console"]').waitFor();
    const ids = await nodes.evaluateAll((elements) =>
      elements.map((element) => element.getAttribute('data-node')),
    );
    const wanted = [
      ...TOPOLOGY.apps.map((app) => `app:${app.name}`),
      ...TOPOLOGY.topics.map((topic) => `topic:${topic.name}`),
    ];
    expect(ids.toSorted()).toEqual(wanted.toSorted());
    expect(await page.locator('[data-edge="app:store>topic:retail.stock-moved.v1"]').count()).toBe(1);
  });

  it('shows an event that arrives, lets it travel along the arrows, and tells all about it', async () => {
    const page = await open();
    await page.evaluate(() => {
      const marked = globalThis as { dots?: number };
      marked.dots = 0;
      const layer = document.querySelector('.dots');
      if (layer)
        new MutationObserver((changes) => (marked.dots = (marked.dots ?? 0) + changes.length)).observe(
          layer,
          { childList: true },
        );
    });
    await bench.producer.publish(stockMoved, movement('Store_live', 42), {
      extensions: { correlationid: 'corr-4711' },
    });
    const row = page.locator('.event-table tr', { hasText: 'Store_live' });
    await row.locator('td.data', { hasText: 'quantity 42' }).waitFor();
    await page.waitForFunction(() => ((globalThis as { dots?: number }).dots ?? 0) > 0);

    await row.getByRole('button', { name: 'StockMoved' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'StockMoved' });
    await dialog.getByText('"quantity": 42').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(
      await row
        .getByRole('button', { name: 'StockMoved' })
        .evaluate((button) => button === document.activeElement),
    ).toBe(true);
  });

  it('moves nothing for people who asked for less motion', async () => {
    const page = await open({ reducedMotion: 'reduce' });
    await bench.producer.publish(stockMoved, movement('Store_calm'));
    await page.locator('.event-table tr', { hasText: 'Store_calm' }).waitFor();
    expect(await page.locator('.flow-dot').count()).toBe(0);
  });

  it('filters events by correlation and holds still when paused', async () => {
    const page = await open();
    await bench.producer.publish(stockMoved, movement('Store_a'), {
      extensions: { correlationid: 'corr-aaaa' },
    });
    await bench.producer.publish(stockMoved, movement('Store_b'), {
      extensions: { correlationid: 'corr-bbbb' },
    });
    await page.locator('.event-table tr', { hasText: 'Store_b' }).waitFor();
    await page.getByLabel('Filter events').fill('corr-aaaa');
    await page.locator('.event-table tr', { hasText: 'Store_b' }).waitFor({ state: 'detached' });
    expect(await page.locator('.event-table tbody tr').count()).toBe(1);

    await page.getByLabel('Filter events').fill('');
    await page.getByRole('button', { name: 'Pause' }).click();
    await bench.producer.publish(stockMoved, movement('Store_later'));
    await page.getByText('1 newer').waitFor();
    expect(await page.locator('.event-table tr', { hasText: 'Store_later' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.locator('.event-table tr', { hasText: 'Store_later' }).waitFor();
  });

  it('shows the stock of stores and items, changes included', async () => {
    const page = await open();
    const cell = page.locator('tr[data-store="Store_5"] td');
    await bench.producer.publish(storeStockChanged, {
      storeId: 'Store_5',
      stock: { Item_1: 11 },
      asOf: new Date(),
    });
    await bench.producer.publish(itemStockChanged, { sku: 'Item_1', stock: 17, asOf: new Date() });
    await cell.getByText('11').waitFor();
    await page.locator('tr.totals').getByText('17').waitFor();
    await bench.producer.publish(storeStockChanged, {
      storeId: 'Store_5',
      stock: { Item_1: 0 },
      asOf: new Date(),
    });
    await page.locator('tr[data-store="Store_5"] td.out').getByText('0').waitFor();

    await page.getByLabel('Search stores and items').fill('nowhere');
    await page.getByText('No store and no item is called that').waitFor();
  });

  it('comes back by itself when the server was restarted, and says so meanwhile', async () => {
    const first = await bench.start();
    const page = await open({ url: first.url, lossOfServer: true });
    await page.evaluate(() => ((globalThis as { loadedOnce?: boolean }).loadedOnce = true));
    await first.stop();
    await connection(page, 'reconnecting');
    await page.getByText('reconnecting…').waitFor();

    const second = await bench.start({ PORT: new URL(first.url).port });
    await connection(page, 'open');
    await second.shows('that it reads', (snapshot) => snapshot.feed.state === 'live');
    await bench.producer.publish(stockMoved, movement('Store_again'));
    await page.locator('.event-table tr', { hasText: 'Store_again' }).waitFor();
    expect(await page.evaluate(() => (globalThis as { loadedOnce?: boolean }).loadedOnce)).toBe(true);
    await second.stop();
  });

  it('tries again where the browser gives up: an answer that is no stream', async () => {
    const page = await open({ lossOfServer: true });
    let refused = 0;
    await page.route('**/api/stream*', (route) => {
      refused += 1;
      return refused === 1 ? route.fulfill({ status: 502, body: 'no server here' }) : route.continue();
    });
    await page.reload();
    // Well before the page would take the connection for dead.
    await page.locator('[data-connection=open]').waitFor({ timeout: 6000 });
    expect(refused).toBe(2);
  });

  it('puts a dead letter back by keyboard alone', async () => {
    const reason = 'the value is <b>not</b> framed';
    await bench.deadLetter({ key: Buffer.from('Store_dead'), value: Buffer.from('{}') }, reason);
    const page = await open();
    const letter = page.locator('[data-letter]', { hasText: 'Store_dead' });
    // What came from outside is shown as it is, never taken for HTML.
    await letter.getByText(reason).waitFor();

    const label = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    await page.locator('body').press('Tab');
    for (let tabs = 0; tabs < 300 && !(await label()).includes('key Store_dead'); tabs += 1)
      await page.keyboard.press('Tab');
    expect(await label()).toContain('Redrive the record with key Store_dead');
    await page.keyboard.press('Enter');
    await letter.getByText('Put back: retail.stock-moved.v1').waitFor();
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('result');
    await page.locator('#announcements', { hasText: 'Put back' }).waitFor({ state: 'attached' });
  });

  it('puts back all that have one code, asks before, and shows how far it is', async () => {
    const COUNT = 250;
    for (let n = 0; n < COUNT; n += 1)
      void bench.deadLetter({ key: Buffer.from(`Store_${n}`), value: Buffer.from('{}') }, 'a bug', 'MENDED');
    const value = Buffer.from('{}');
    await bench.deadLetter({ key: Buffer.from('Store_still'), value }, 'a riddle', 'NOT_MENDED');
    await running.shows('all of them', ({ deadLetters }) => deadLetters.waiting > COUNT);
    const page = await open();

    await page.getByLabel('Error code').selectOption('MENDED');
    await page.getByRole('button', { name: /^Redrive all of .* with the code MENDED$/ }).click();
    await page.getByRole('button', { name: /^Yes, put back all of .* with the code MENDED$/ }).press('Enter');

    await page.locator('.redrive-all .result', { hasText: `${COUNT} dead letters put back` }).waitFor();
    await running.shows('only the others', ({ deadLetters }) =>
      deadLetters.letters.every(
        ({ code, redrivenAt }) =>
          (code === 'MENDED') === (redrivenAt !== undefined) || code === 'VALUE_NOT_FRAMED',
      ),
    );
    await page.locator('[data-letter]', { hasText: 'Store_still' }).waitFor();
    await page.locator('[data-letter]', { hasText: 'a bug' }).first().waitFor({ state: 'detached' });
  });

  it('is dark for those who like it dark, and remembers a choice', async () => {
    const page = await open({ colorScheme: 'dark' });
    const theme = () => page.evaluate(() => document.documentElement.dataset['theme']);
    const lightness = () =>
      page.evaluate(() =>
        Number(/\d+/.exec(getComputedStyle(document.documentElement).backgroundColor)?.[0]),
      );
    expect(await theme()).toBe('dark');
    expect(await lightness()).toBeLessThan(60);

    await page.getByRole('button', { name: 'Dark mode' }).press('Enter');
    expect(await theme()).toBe('light');
    await page.reload();
    await connection(page, 'open');
    expect(await theme()).toBe('light');
    expect(await lightness()).toBeGreaterThan(200);
  });

  it('fits a phone without scrolling sideways', async () => {
    await bench.deadLetter(
      { key: Buffer.from('Store_phone'), value: Buffer.alloc(600, 'x') },
      'y'.repeat(300),
    );
    await bench.producer.publish(stockMoved, movement(`Store_${'long'.repeat(20)}`));
    const page = await open({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    const letter = page.locator('[data-letter]', { hasText: 'Store_phone' });
    await letter.getByText('Details').click();
    await letter.getByText('600 bytes as text').waitFor();
    await page.locator('.event-table tr', { hasText: 'longlong' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });

  it('lets a keyboard skip the head of the page', async () => {
    const page = await open();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  });
});
