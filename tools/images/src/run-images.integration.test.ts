/** Every app, and the program that publishes schemas, from its image tree, in what a container would give it, on the real platform. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCHEMAS, TOPICS } from '@eda/contracts';
import { appEnvironment, APPS, type Ports } from '@eda/system/apps';
import { createTestDatabase, createTestTopics, freePort, testPlatform, waitFor } from '@eda/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Confined, startConfined } from './confined.setup.ts';
import { imageConfig } from './dockerfile.setup.ts';
import { assembleImageTree } from './image-tree.ts';
import { appsOf, imagesOf } from './programs.ts';

const ROOT = join(import.meta.dirname, '../../..');
const TARGET = { os: 'linux', cpu: process.arch, libc: 'glibc' };
const SIMULATOR = 'store-simulator';

const trees = mkdtempSync(join(tmpdir(), 'images-'));
const running = new Map<string, Confined>();
const figures: string[] = [];
const cleanUps: (() => unknown)[] = [];
const ports = {} as Ports;
let simulatorEnv: Record<string, string>;

/** Runs the image of `app`: its entry point with `args`, or `command` in its place. */
function runImage(
  app: string,
  {
    env = {},
    args = [],
    command,
  }: { env?: Record<string, string>; args?: string[]; command?: readonly string[] },
): Confined {
  const image = imageConfig(ROOT, app);
  return startConfined({
    ...image,
    tree: join(trees, app),
    // What listens in a test listens on this machine alone.
    env: { ...image.env, HOST: '127.0.0.1', ...env },
    command: command ?? [...image.entrypoint, ...args],
  });
}

/** Starts a service and waits until it is ready; notes how long that took. */
async function startService(app: string, env: Record<string, string>, args: string[] = []): Promise<void> {
  const began = performance.now();
  const service = runImage(app, { env, args });
  running.set(app, service);
  let ended = false;
  void service.exit.then(() => (ended = true));
  const ready = async () => {
    if (ended) return 'ended';
    const response = await fetch(`http://127.0.0.1:${env['PORT'] ?? ''}/readyz`);
    return response.ok && 'ready';
  };
  const state = await waitFor(ready, { description: `${app} is ready`, timeoutMs: 60_000 }).catch(
    (error: unknown) => error,
  );
  if (state !== 'ready')
    throw new Error(`${app} did not become ready: ${service.output()}`, { cause: state });
  figures.push(`${app} ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

beforeAll(async () => {
  for (const image of imagesOf(ROOT))
    assembleImageTree(ROOT, { image, out: join(trees, image), target: TARGET });
  const { kafka, registry } = testPlatform();
  const topics = await createTestTopics(
    kafka.brokers,
    TOPICS.map(({ name, partitions, config }) => ({ name, partitions, config })),
  );
  cleanUps.push(() => topics[Symbol.asyncDispose]());
  for (const { name } of APPS) ports[name] = await freePort();
  simulatorEnv = {
    STORE_URL: `http://127.0.0.1:${ports.store}`,
    INVENTORY_URL: `http://127.0.0.1:${ports.inventory}`,
  };
  for (const app of APPS) {
    const addresses = {
      brokers: kafka.brokers,
      registryUrl: registry.url,
      databaseUrl: async () => {
        const database = await createTestDatabase();
        cleanUps.push(() => database.drop());
        return database.url;
      },
    };
    await startService(app.name, {
      ...(await appEnvironment(app, addresses, ports)),
      KAFKA_TOPIC_PREFIX: topics.prefix,
    });
  }
}, 240_000);

afterAll(async () => {
  for (const service of running.values()) await service.kill();
  rmSync(trees, { recursive: true, force: true });
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
  console.info(`From the start of an image to ready: ${figures.join(', ')}`);
});

describe('an image', () => {
  it('has nothing to write to, runs as nobody in particular and as process 1', async () => {
    const probe = `
      const { readFileSync, writeFileSync } = require('node:fs');
      const attempt = (folder) => { try { writeFileSync(folder + '/x', ''); return 'written'; } catch ({ code }) { return code; } };
      console.log(JSON.stringify({
        ids: [process.pid, process.getuid(), process.getgid()],
        attempts: ['/', '/app', '/app/node_modules', '.', '/tmp', '/usr/lib'].map(attempt),
        rights: readFileSync('/proc/self/status', 'utf8').match(/^(CapEff|CapBnd|NoNewPrivs):.*/gm),
      }));`;
    const run = runImage('store', { command: ['node', '--eval', probe] });

    expect(await run.exit).toBe(0);
    expect(JSON.parse(run.output())).toEqual({
      ids: [1, 10001, 10001],
      attempts: Array(6).fill('EROFS'),
      rights: ['CapEff:\t0000000000000000', 'CapBnd:\t0000000000000000', 'NoNewPrivs:\t1'],
    });
  });

  it('is healthy while the app lives, and not without it', async () => {
    const check = (port: number) =>
      runImage('store', { env: { PORT: String(port) }, command: imageConfig(ROOT, 'store').healthcheck })
        .exit;

    expect(await check(ports.store)).toBe(0);
    expect(await check(await freePort())).toBe(1);
  });

  it('says what is missing when it is started without anything', async () => {
    const run = runImage('inventory', {});

    expect(await run.exit).toBe(1);
    expect(run.output()).toContain('DATABASE_URL is missing');
    expect(run.output()).not.toContain('    at ');
  });
});

/** The subjects that begin with `prefix`. */
async function subjectsOf(url: string, prefix: string): Promise<string[]> {
  const subjects = (await (await fetch(`${url}/subjects?deleted=true`)).json()) as string[];
  return subjects.filter((subject) => subject.startsWith(prefix));
}

async function removeSubjects(url: string, prefix: string): Promise<void> {
  for (const subject of await subjectsOf(url, prefix))
    for (const query of ['', '?permanent=true'])
      await fetch(`${url}/subjects/${subject}${query}`, { method: 'DELETE' });
}

describe('the images together', () => {
  it('play the golden scenario', async () => {
    const run = runImage(SIMULATOR, { env: simulatorEnv, args: ['golden'] });

    expect(await run.exit, run.output()).toBe(0);
    expect(run.output()).toContain('✓ right');
  });

  it('show a page with its libraries, and the event catalogue', async () => {
    const get = (path: string) => fetch(`http://127.0.0.1:${ports.console}${path}`);
    const page = await (await get('/')).text();
    const [map = ''] = /(?<=<script type="importmap">).+?(?=<\/script>)/.exec(page) ?? [];
    const { imports } = JSON.parse(map) as { imports: Record<string, string> };
    const modules = [...page.matchAll(/href="(\/page\/[^"]+)"/g)].map(([, path]) => path ?? '');
    const libraries = Object.values(imports).filter((path) => path.endsWith('.js'));
    expect([modules.length, libraries.length].every((count) => count > 4)).toBe(true);

    for (const path of [...modules, ...libraries, '/catalog/', '/catalog/search-index.js'])
      expect((await get(path)).status, path).toBe(200);
  });

  it('explain their APIs', async () => {
    const answer = await fetch(`http://127.0.0.1:${ports.store}/docs/`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('swagger-ui');
  });

  it('publish the contracts, twice as well as once', async () => {
    const { url } = testPlatform().registry;
    const prefix = `test-${randomUUID()}-`;
    cleanUps.push(() => removeSubjects(url, prefix));
    const apply = async () => {
      const run = runImage('contracts', { args: ['apply', '--registry', url, '--prefix', prefix] });
      expect(await run.exit, run.output()).toBe(0);
      return run.output();
    };

    expect(await apply()).toContain(`${prefix}retail.stock-moved.v1-value`);
    expect((await subjectsOf(url, prefix)).sort()).toEqual(
      SCHEMAS.map(({ subject }) => `${prefix}${subject}`).sort(),
    );
    const again = (await apply()).split('\n').filter((line) => line.startsWith(prefix));
    expect(again).toHaveLength(SCHEMAS.length);
    expect(again.filter((line) => !line.includes(': in step;'))).toEqual([]);
  });

  it('end in order at SIGTERM', async () => {
    await startService(SIMULATOR, { ...simulatorEnv, PORT: String(await freePort()) }, [
      'random',
      '--rate',
      '5',
    ]);

    const codes: Record<string, number | null> = {};
    for (const [app, service] of [...running].reverse()) codes[app] = await service.stop();

    expect(codes).toEqual(Object.fromEntries(appsOf(ROOT).map((app) => [app, 0])));
  });
});
