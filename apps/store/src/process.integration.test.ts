import { stockMoved } from '@eda/contracts';
import { createAppBench, type AppBench } from '@eda/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acceptMovement, postMovement, SOON } from './store.setup.ts';

let bench: AppBench;
beforeEach(async () => {
  bench = await createAppBench('store');
});
afterEach(() => bench[Symbol.asyncDispose]());

/** Starts the store as a process of its own and waits until it is ready. */
async function spawnStore(variables: Record<string, string> = {}) {
  const env = { ...bench.env({ LOG_LEVEL: 'info', ...variables }), PATH: process.env['PATH'] };
  const main = new URL('./main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  bench.defer(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await expect.poll(() => output, SOON).toMatch(/"msg":"started"/);
  const url = /Server listening at (http:\/\/[\d.:]+)/.exec(output)?.[1] ?? '';
  return { child, url, exited };
}

const eventIds = async () => (await bench.events(stockMoved)).map(({ id }) => id);

test('a movement that was accepted is published after kill -9 and a restart', async () => {
  const first = await spawnStore({ KAFKA_BROKERS: '127.0.0.1:1' });
  const id = await acceptMovement(first.url, 'Store_1');
  first.child.kill('SIGKILL');
  await first.exited;
  expect(await eventIds()).toEqual([]);

  await spawnStore();
  await expect.poll(eventIds, SOON).toEqual([id]);
});

test('kill -9 in the middle of publishing loses nothing and keeps the order of each store', async () => {
  const first = await spawnStore();
  const accepted: string[] = [];
  const writers = Array.from({ length: 6 }, async (_, writer) => {
    for (let quantity = 1; ; quantity += 1) {
      const answer = await postMovement(first.url, `Store_${writer % 2}`, { quantity }).catch(
        () => undefined,
      );
      const body = (await answer?.json().catch(() => undefined)) as { eventId?: string } | undefined;
      if (body?.eventId === undefined) return;
      accepted.push(body.eventId);
    }
  });
  await expect.poll(() => accepted.length, SOON).toBeGreaterThan(150);
  first.child.kill('SIGKILL');
  await first.exited;
  await Promise.all(writers);

  await spawnStore();
  const { rows } = await bench.pool.query<{ event_id: string; store_id: string }>(
    'SELECT event_id, store_id FROM movement ORDER BY store_id, number',
  );
  const recorded = rows.map((row) => row.event_id);
  expect(accepted.filter((id) => !recorded.includes(id))).toEqual([]);
  await expect.poll(async () => new Set(await eventIds()).size, SOON).toBe(recorded.length);

  // The relay may send what it had not deleted yet once more; first appearances are in the order of the store.
  const events = await bench.events(stockMoved);
  for (const store of ['Store_0', 'Store_1']) {
    const seen = [...new Set(events.filter(({ key }) => key === store).map(({ id }) => id))];
    expect(seen).toEqual(rows.filter((row) => row.store_id === store).map((row) => row.event_id));
  }
});

test('SIGTERM finishes what was accepted, exits 0 and leaves the port free', async () => {
  const { child, url, exited } = await spawnStore();
  const ids = await Promise.all(Array.from({ length: 10 }, () => acceptMovement(url, 'Store_1')));
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  await spawnStore();
  await expect.poll(async () => (await eventIds()).toSorted(), SOON).toEqual(ids.toSorted());
});

/** Runs the store until it gives up; resolves with its exit code and what it wrote to standard error. */
async function failingStart(variables: Record<string, string>): Promise<[number | null, string]> {
  const child = spawn(process.execPath, [new URL('./main.ts', import.meta.url).pathname], {
    env: { ...bench.env(variables), PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  bench.defer(() => child.kill('SIGKILL'));
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return [code, errors];
}

test('a start that cannot succeed ends with exit code 1 and one message that says why', async () => {
  const database = new URL(bench.env()['DATABASE_URL'] ?? '');
  database.password = 'wrong';
  expect(await failingStart({ DATABASE_URL: database.href })).toEqual([
    1,
    expect.stringMatching(/^store cannot start: password authentication failed for user "\w+"\n$/),
  ]);

  const { url } = await spawnStore();
  const { port } = new URL(url);
  expect(await failingStart({ PORT: port })).toEqual([
    1,
    `store cannot start: port ${port} on 127.0.0.1 is taken by another process. Set PORT to a free port, or stop that process.\n`,
  ]);

  const [code, errors] = await failingStart({ PORT: 'none', DATABASE_URL: 'mysql://user:hidden@host/name' });
  expect(code).toBe(1);
  expect(errors).toMatch(
    /^store cannot start: 2 environment variables are wrong:\n {2}PORT is "none".*\n {2}DATABASE_URL is not valid/,
  );
  expect(errors).not.toContain('hidden');
});
