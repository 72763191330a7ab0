import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createTcpProxy } from './tcp-proxy.ts';

async function echoThroughProxy() {
  const echo = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const proxy = await createTcpProxy({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port });
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]();
    echo.close();
  });
  const client = () => {
    const socket = connect(proxy.port, proxy.host).setEncoding('utf8');
    onTestFinished(() => void socket.destroy());
    const received: string[] = [];
    socket.on('data', (text: string) => received.push(text)).on('error', () => undefined);
    return { socket, received };
  };
  return { proxy, client };
}

test('bytes pass in both directions', async () => {
  const { client } = await echoThroughProxy();
  const { socket, received } = client();
  socket.write('hello');
  await expect.poll(() => received.join('')).toBe('hello');
});

test('a cut ends connections and refuses new ones until it is healed', async () => {
  const { proxy, client } = await echoThroughProxy();
  const first = client();
  first.socket.write('a');
  await expect.poll(() => first.received.join('')).toBe('a');
  const ended = once(first.socket, 'close');
  await proxy.cut();
  await ended;

  const [error] = (await once(client().socket, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');

  await proxy.heal();
  const second = client();
  second.socket.write('b');
  await expect.poll(() => second.received.join('')).toBe('b');
});

test('a frozen connection stands and says nothing', async () => {
  const { proxy, client } = await echoThroughProxy();
  const { socket, received } = client();
  socket.write('a');
  await expect.poll(() => received.join('')).toBe('a');
  proxy.freeze();
  socket.write('b');
  const other = client();
  await once(other.socket, 'connect');
  other.socket.write('c');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([received.join(''), other.received.join(''), socket.destroyed]).toEqual(['a', '', false]);
});
