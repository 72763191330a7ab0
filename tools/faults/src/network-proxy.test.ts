import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createNetworkProxy, type NetworkProxy } from './network-proxy.ts';

async function echoBehindProxy(): Promise<NetworkProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await createNetworkProxy(
    { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    () => 0.5,
  );
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return proxy;
}

async function connected({ host, port }: NetworkProxy): Promise<Socket> {
  const socket = connect(port, host);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Closed, in order or not. */
function gone(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.on('close', () => resolve()));
}

async function echo(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return bytes.toString();
}

it('A partition lets nothing pass and ends nothing; after it new connections work and old ones are gone', async () => {
  const proxy = await echoBehindProxy();
  const old = await connected(proxy);
  expect(await echo(old, 'before')).toBe('before');
  proxy.partition();
  const during = await connected(proxy);
  const heard: string[] = [];
  for (const socket of [old, during]) socket.on('data', (bytes: Buffer) => heard.push(bytes.toString()));
  old.write('lost');
  during.write('lost too');
  const closed = Promise.all([gone(old), gone(during)]);
  proxy.heal();
  await closed;
  expect(heard).toEqual([]);
  expect(await echo(await connected(proxy), 'after')).toBe('after');
});

it('A cut ends connections and refuses new ones until it is healed', async () => {
  const proxy = await echoBehindProxy();
  const old = await connected(proxy);
  const closed = gone(old);
  proxy.cut();
  await closed;
  const refused = await connected(proxy);
  await gone(refused);
  proxy.heal();
  expect(await echo(await connected(proxy), 'after')).toBe('after');
});

it('Bad weather delays what passes and keeps its order', async () => {
  const proxy = await echoBehindProxy();
  const socket = await connected(proxy);
  proxy.setWeather({ delayMs: 30, jitterMs: 0, lossShare: 0, lossDelayMs: 0, bytesPerSecond: 1000 });
  const began = performance.now();
  let text = '';
  socket.write('a'.repeat(50));
  socket.write('b'.repeat(50));
  while (text.length < 100) text += String(((await once(socket, 'data')) as [Buffer])[0]);
  expect(text).toBe('a'.repeat(50) + 'b'.repeat(50));
  // 100 bytes at 1,000 a second and twice 30 ms; timers may be early by a millisecond each.
  expect(performance.now() - began).toBeGreaterThan(150);
});
