import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHealthProbe, httpPart, servicePart } from './health-probe.ts';
import type { Part } from './health-probe.ts';

const servers: ReturnType<typeof createServer>[] = [];

async function serverAnswering(status: number, body: unknown): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status).end(JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function probed(part: Part, timeoutMs?: number) {
  const probe = createHealthProbe([part], timeoutMs);
  await probe.refresh();
  return probe.current()[0];
}

describe('the health of a part', () => {
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('is not known before somebody asked', () => {
    expect(createHealthProbe([servicePart('store', 'http://127.0.0.1:1')]).current()).toMatchObject([
      { state: 'unknown' },
    ]);
  });

  it('is up when the service says that it is ready', async () => {
    expect(await probed(servicePart('store', await serverAnswering(200, { status: 'ok' })))).toEqual({
      name: 'store',
      state: 'up',
      detail: 'ready',
    });
  });

  it('is degraded with the reasons when the service answers that it is not ready', async () => {
    const checks = [
      { name: 'database', status: 'ok' },
      { name: 'kafka', status: 'failing', reason: 'no broker answers' },
    ];
    const url = await serverAnswering(503, { status: 'failing', checks });
    expect(await probed(servicePart('inventory', url))).toMatchObject({
      state: 'degraded',
      detail: 'not ready: kafka: no broker answers',
    });
  });

  it('is down, in plain words, when nothing listens', async () => {
    const url = await serverAnswering(200, {});
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await probed(httpPart('Registry', url, 'answers'))).toMatchObject({
      state: 'down',
      detail: 'not running (connection refused)',
    });
  });

  it('is down when there is no answer in time, whether or not the check can be ended', async () => {
    const never: Part = { name: 'Kafka', check: () => new Promise(() => undefined) };
    expect(await probed(never, 20)).toMatchObject({ state: 'down', detail: 'no answer in 0.02 s' });
  });
});
