import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHealth, createLogger, createMetrics, problem } from '@eda/service';
import type { HttpApp } from '@eda/service';
import { TOPOLOGY } from '@eda/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { createConsoleState } from './console-state.ts';
import type { ConsoleState } from './console-state.ts';
import { createHealthProbe } from './health-probe.ts';
import { createConsoleHttp } from './http.ts';
import { createLagMonitor } from './lag.ts';
import { topologyFor } from './topology.ts';

const DEAD_LETTER = '/api/dead-letters/retail.stock-moved.v1.inventory.dlq/0/7:redrive';
const ALL = '/api/dead-letters/retail.stock-moved.v1.inventory.dlq:redrive';
const cleanUps: (() => unknown)[] = [];

interface Console {
  readonly app: HttpApp;
  readonly state: ConsoleState;
  readonly redriven: string[];
}

async function consoleWith(refuse?: Error, catalogFolder = '/nowhere/catalog'): Promise<Console> {
  const redriven: string[] = [];
  const state = createConsoleState({
    topology: topologyFor(TOPOLOGY),
    health: createHealthProbe([]),
    lag: createLagMonitor({ groupLag: () => Promise.resolve([]) }, []),
  });
  const health = createHealth();
  const metrics = createMetrics({ service: 'console' });
  const app = await createConsoleHttp({
    state,
    feed: {
      redrive(topic, partition, offset) {
        redriven.push(`${topic}/${partition}/${offset}`);
        return refuse
          ? Promise.reject(refuse)
          : Promise.resolve({ topic: 'retail.stock-moved.v1', partition: 2, offset: 9n });
      },
      async redriveAll(topic, { code, onProgress }) {
        redriven.push(`${topic} ${code ?? 'every code'}`);
        if (refuse) throw refuse;
        await Promise.resolve();
        onProgress({ phase: 'reading', read: 5, toRead: 5, selected: 2 });
        onProgress({ phase: 'putting back', selected: 2, redriven: 2 });
        return { redriven: 2, selected: 2, busyPartitions: [1], interrupted: false };
      },
    },
    logger: createLogger({ name: 'console', level: 'silent' }),
    health,
    metrics,
    catalogFolder,
  });
  cleanUps.push(
    () => app.close(),
    () => state.stop(),
    () => health.close(),
    () => metrics.close(),
  );
  return { app, state, redriven };
}

describe('the console over HTTP', () => {
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  });

  it('serves the page with its types stripped, and nothing again that the browser has', async () => {
    const { app } = await consoleWith();
    const page = await app.inject('/');
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.body).toContain('<script type="importmap">');

    const module = await app.inject('/page/state.ts');
    expect(module.headers['content-type']).toMatch(/^text\/javascript/);
    expect(module.body).not.toContain('interface ');
    const again = await app.inject({
      url: '/page/state.ts',
      headers: { 'if-none-match': String(module.headers.etag) },
    });
    expect(again.statusCode).toBe(304);
  });

  it('serves every module that the import map names, and no tests', async () => {
    const { app } = await consoleWith();
    const { body } = await app.inject('/');
    const map = /<script type="importmap">(.*?)<\/script>/.exec(body)?.[1] ?? '{}';
    const { imports } = JSON.parse(map) as { imports: Record<string, string> };
    for (const [name, url] of Object.entries(imports)) {
      if (!name.endsWith('/')) expect((await app.inject(url)).statusCode, url).toBe(200);
    }
    expect((await app.inject('/page/state.test.ts')).statusCode).toBe(404);
    expect((await app.inject('/vendor/lit/package.json')).statusCode).toBe(404);
    expect((await app.inject('/vendor/lit/../../package.json')).statusCode).toBe(404);
  });

  it('lets the page load nothing from other hosts and run no inline code but the import map', async () => {
    const { app } = await consoleWith();
    const policy = String((await app.inject('/')).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self' 'sha256-[^']+';/);
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('http');
  });

  it('shows the event catalogue, and nothing beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'console-catalog-'));
    cleanUps.push(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'site/events'), { recursive: true });
    writeFileSync(join(folder, 'site/index.html'), 'All events');
    writeFileSync(join(folder, 'site/events/a.v1.html'), 'Event A');
    writeFileSync(join(folder, 'secret'), 'not for you');
    const { app } = await consoleWith(undefined, join(folder, 'site'));
    expect((await app.inject('/catalog')).headers.location).toBe('/catalog/');
    const first = await app.inject('/catalog/');
    expect([first.statusCode, first.body]).toEqual([200, 'All events']);
    expect(first.headers['content-security-policy']).toContain("script-src 'self';");
    expect((await app.inject('/catalog/events/a.v1.html')).body).toBe('Event A');
    for (const path of ['../secret', '%2e%2e/secret', '..%2fsecret', 'events/../../secret', 'gone.html'])
      expect((await app.inject(`/catalog/${path}`)).statusCode, path).toBeGreaterThanOrEqual(400);
  });

  it('says how to make the event catalogue while there is none, and shows it once it is made', async () => {
    const root = mkdtempSync(join(tmpdir(), 'console-catalog-'));
    cleanUps.push(() => rmSync(root, { recursive: true }));
    const folder = join(root, 'later');
    const { app } = await consoleWith(undefined, folder);
    const detail = `There is no event catalogue in ${folder}. Make it with npm run catalog, then load this page again.`;
    const answer = await app.inject('/catalog/');
    expect([answer.statusCode, answer.json()]).toEqual([404, expect.objectContaining({ detail })]);
    const page = await app.inject({ url: '/catalog/', headers: { accept: 'text/html,*/*;q=0.8' } });
    expect([page.statusCode, page.headers['content-type'], page.body]).toEqual([
      404,
      'text/plain; charset=utf-8',
      detail,
    ]);
    mkdirSync(folder);
    writeFileSync(join(folder, 'index.html'), 'All events');
    expect((await app.inject('/catalog/')).body).toBe('All events');
  });

  it('answers with the topology, a snapshot and the dead letters', async () => {
    const { app } = await consoleWith();
    expect((await app.inject('/api/topology')).json()).toEqual(topologyFor(TOPOLOGY));
    expect((await app.inject('/api/snapshot')).json()).toMatchObject({
      feed: { state: 'connecting' },
      events: [],
    });
    expect((await app.inject('/api/dead-letters')).json()).toEqual({ letters: [], waiting: 0, redriven: 0 });
  });

  it('searches among all stores', async () => {
    const { app, state } = await consoleWith();
    for (const storeId of ['Store_1', 'Store_2'])
      state.stock.setStore(storeId, { storeId, stock: {}, asOf: new Date(0) });
    expect((await app.inject('/api/stock?search=_2')).json()).toMatchObject({
      stores: [{ storeId: 'Store_2' }],
      totalStores: 2,
    });
  });

  it('puts a dead letter back', async () => {
    const { app, redriven } = await consoleWith();
    const answer = await app.inject({
      method: 'POST',
      url: DEAD_LETTER,
      headers: { origin: 'http://console', host: 'console' },
    });
    expect(answer.json()).toEqual({ topic: 'retail.stock-moved.v1', partition: 2, offset: '9' });
    expect(redriven).toEqual(['retail.stock-moved.v1.inventory.dlq/0/7']);
  });

  it('tells why a dead letter was not put back', async () => {
    const { app } = await consoleWith(problem(409, { detail: 'It was put back before.' }));
    const answer = await app.inject({ method: 'POST', url: DEAD_LETTER });
    expect(answer.statusCode).toBe(409);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({ detail: 'It was put back before.' });
  });

  it.each([{ origin: 'http://elsewhere.example' }, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }])(
    'does not put dead letters back for a page of another site: %o',
    async (headers) => {
      const { app, redriven } = await consoleWith();
      const answer = await app.inject({
        method: 'POST',
        url: DEAD_LETTER,
        headers: { host: 'console', ...headers },
      });
      expect(answer.statusCode).toBe(403);
      expect(redriven).toEqual([]);
    },
  );

  it('puts all of a topic back, and tells its progress line by line', async () => {
    const { app, redriven } = await consoleWith();
    const answer = await app.inject({ method: 'POST', url: ALL, payload: { code: 'BROKEN' } });
    expect(answer.headers['content-type']).toBe('application/x-ndjson');
    expect(
      answer.body
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { phase: 'reading', selected: 2, redriven: 0 },
      { phase: 'putting back', selected: 2, redriven: 2 },
      { phase: 'done', selected: 2, redriven: 2, busy: true, interrupted: false },
    ]);
    expect(redriven).toEqual(['retail.stock-moved.v1.inventory.dlq BROKEN']);
  });

  it('does not put all back for a page of another site, nor without a topic, and tells why it could not', async () => {
    const { app, redriven } = await consoleWith(problem(404, { detail: 'There is no such topic.' }));
    const from = (headers: Record<string, string>, url = ALL) =>
      app.inject({ method: 'POST', url, payload: {}, headers });
    expect((await from({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
    expect((await from({ origin: 'http://elsewhere.example', host: 'console' })).statusCode).toBe(403);
    expect((await from({}, '/api/dead-letters/:redrive')).statusCode).toBe(400);
    expect((await from({}, '/api/dead-letters/topic:delete')).statusCode).toBe(400);
    expect(redriven).toEqual([]);
    expect((await from({})).json()).toMatchObject({ status: 404, detail: 'There is no such topic.' });
  });

  it.each([
    '/api/dead-letters/t/x/7:redrive',
    '/api/dead-letters/t/0/-1:redrive',
    '/api/dead-letters/t/0/7:delete',
  ])('refuses %s', async (url) => {
    const { app } = await consoleWith();
    expect((await app.inject({ method: 'POST', url })).statusCode).toBe(400);
  });
});
