import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePorts, holderOf, isPortFree } from './ports.ts';

async function hold(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return (server.address() as { port: number }).port;
}

describe('A port', () => {
  it.each(['127.0.0.1', '0.0.0.0'])(
    'that a server holds on %s is not free, and its holder has a name',
    async (host) => {
      const port = await hold(host);
      expect(await isPortFree(port)).toBe(false);
      expect(holderOf(port)).toMatch(new RegExp(`^process ${process.pid} \\(.*\\)$`));
    },
  );

  it('that was handed out as free is free, and no other got it', async () => {
    const ports = await freePorts(20);
    expect(new Set(ports).size).toBe(20);
    for (const port of ports) expect(await isPortFree(port)).toBe(true);
  });
});
