import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { kafkaAnswers } from './kafka-probe.ts';
import { freePorts } from './ports.ts';

async function serve(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

describe('The question to Kafka', () => {
  it('is answered no by a closed port', async () => {
    const [port = 0] = await freePorts(1);
    expect(await kafkaAnswers(`127.0.0.1:${port}`)).toBe(false);
  });

  it('is answered no by an open port that says nothing', async () => {
    expect(await kafkaAnswers(await serve(() => undefined), 100)).toBe(false);
  });

  it('is answered no by another server', async () => {
    expect(await kafkaAnswers(await serve((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))).toBe(
      false,
    );
  });

  it('is answered no by a broker that knows no living broker', async () => {
    const answer = Buffer.from([0, 0, 0, 8, 0, 0, 0, 3, 0, 0, 0, 0]);
    expect(await kafkaAnswers(await serve((socket) => socket.end(answer)))).toBe(false);
  });

  it('is answered yes by one that names a broker', async () => {
    const answer = Buffer.from([0, 0, 0, 8, 0, 0, 0, 3, 0, 0, 0, 1]);
    expect(await kafkaAnswers(await serve((socket) => socket.end(answer)))).toBe(true);
  });
});
