import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { kafkaAnswers, livingBrokers } from './kafka-probe.ts';
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

describe('The brokers that a broker knows', () => {
  const broker = (id: number, rack: string | undefined) => {
    const host = Buffer.from('127.0.0.1');
    const bytes = Buffer.alloc(4 + 2 + host.length + 4 + 2);
    bytes.writeInt32BE(id, 0);
    bytes.writeInt16BE(host.length, 4);
    host.copy(bytes, 6);
    bytes.writeInt32BE(9092, 6 + host.length);
    bytes.writeInt16BE(rack === undefined ? -1 : rack.length, 10 + host.length);
    return Buffer.concat([bytes, Buffer.from(rack ?? '')]);
  };
  const answer = (...brokers: Buffer[]) => {
    const body = Buffer.concat([Buffer.from([0, 0, 0, 3, 0, 0, 0, brokers.length]), ...brokers]);
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length);
    return Buffer.concat([length, body]);
  };

  it('are read with and without racks, however the answer is cut', async () => {
    const whole = answer(broker(1, undefined), broker(7, 'rack-1'), broker(12, undefined));
    const address = await serve((socket) => {
      socket.write(whole.subarray(0, 20));
      setImmediate(() => socket.write(whole.subarray(20)));
    });
    expect(await livingBrokers(address)).toEqual([1, 7, 12]);
  });

  it('are none where nobody answers', async () => {
    const [port = 0] = await freePorts(1);
    expect(await livingBrokers(`127.0.0.1:${port}`)).toEqual([]);
    expect(await livingBrokers(await serve(() => undefined), 100)).toEqual([]);
  });
});
