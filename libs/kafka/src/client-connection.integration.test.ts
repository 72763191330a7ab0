import { randomBytes } from 'node:crypto';
import { createKafkaBench, type KafkaBench, waitFor } from '@eda/testing';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { createKafkaClient } from './client.ts';
import type { KafkaClient, SocketFactory } from './client-types.ts';
import { AppendError } from './client-types.ts';
import type { Producer } from './types.ts';
import { toWireRecord } from './wire-record.ts';

let bench: KafkaBench;

beforeAll(async () => {
  bench = await createKafkaBench();
  return () => bench[Symbol.asyncDispose]();
});
afterEach(() => bench.cleanUp());

/** What is done to the data that one connection receives. */
type Receive = (socket: Socket, data: Buffer, deliver: (data: Buffer) => void) => void;

const REQUEST_TIMEOUT_MS = 500;

function clientWith(
  receive: () => Receive | undefined,
  made: (socket: Socket) => void = () => undefined,
): KafkaClient {
  const socketFactory: SocketFactory = ({ host, port, onConnect }) => {
    const socket = connect({ host, port }, onConnect);
    made(socket);
    const emit = socket.emit.bind(socket) as (event: string, ...args: unknown[]) => boolean;
    socket.emit = ((event: string, ...args: unknown[]) => {
      const manner = event === 'data' ? receive() : undefined;
      if (manner === undefined) return emit(event, ...args);
      manner(socket, args[0] as Buffer, (data) => emit('data', data));
      return true;
    }) as Socket['emit'];
    return socket;
  };
  return createKafkaClient({
    client: 'kafkajs',
    clientId: 'test',
    brokers: bench.client.brokers,
    topicPrefix: bench.client.topicPrefix,
    logger: pino({ level: 'silent' }),
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    socketFactory,
  });
}

const producerWith = (receive: () => Receive | undefined): Producer =>
  bench.newProducer({ client: clientWith(receive) });

const send = (producer: Producer, topic: string, value: string) =>
  producer.send({ topic, key: null, value: Buffer.from(value), headers: {} });

const valuesIn = async (topic: string) => (await bench.readAll(topic)).map(({ value }) => value?.toString());

it('a connection that answers nothing any more is replaced, and the batch in doubt is written once', async () => {
  const topic = await bench.newTopic();
  const mute = new Set<Socket>();
  let muting = false;
  const producer = producerWith(() => (socket, data, deliver) => {
    if (muting) mute.add(socket);
    muting = false;
    if (!mute.has(socket)) deliver(data);
  });
  await send(producer, topic, 'before');

  muting = true;
  await send(producer, topic, 'after');

  expect(mute.size).toBe(1);
  expect(await valuesIn(topic)).toEqual(['before', 'after']);
});

it('an answer that breaks off in the middle does not spoil the next connection', async () => {
  let breaking = false;
  const admin = clientWith(() =>
    !breaking
      ? undefined
      : (socket, data, deliver) => {
          breaking = false;
          deliver(data.subarray(0, 10));
          socket.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
        },
  ).admin();
  bench.defer(() => admin.disconnect());
  await admin.connect();

  breaking = true;
  await admin.ping().catch(() => undefined);

  expect(breaking).toBe(false);
  await admin.ping();
});

it('a topic that was deleted does not keep the outcome of a batch of another one in the dark', async () => {
  const topic = await bench.newTopic();
  const doomed = await bench.newTopic({ name: 'doomed' });
  let losing = false;
  const producer = producerWith(() =>
    !losing
      ? undefined
      : (socket) => {
          losing = false;
          socket.destroy();
          socket.emit('end');
        },
  );
  await send(producer, doomed, 'x');
  await send(producer, topic, 'before');
  await bench.admin.deleteTopics([doomed]);
  await waitFor(async () => (await bench.admin.partitionCount(doomed)) === undefined, {
    description: 'the topic is gone',
  });

  losing = true;
  await send(producer, topic, 'after');

  expect(await valuesIn(topic)).toEqual(['before', 'after']);
});

it('no connection waits with a request until the one before it is confirmed (Nagle)', async () => {
  const connections: boolean[] = [];
  const client = clientWith(
    () => undefined,
    (socket) => {
      const at = connections.push(false) - 1;
      const setNoDelay = socket.setNoDelay.bind(socket);
      socket.setNoDelay = (on) => {
        connections[at] = on ?? true;
        return setNoDelay(on);
      };
    },
  );
  await send(bench.newProducer({ client }), await bench.newTopic(), 'x');
  expect(connections.length).toBeGreaterThan(0);
  expect(new Set(connections)).toEqual(new Set([true]));
});

it('a producer that ended with a batch in doubt connects nothing again', async () => {
  const topic = await bench.newTopic();
  let muting = false;
  const sockets: Socket[] = [];
  const producer = clientWith(
    () => (muting ? () => undefined : undefined),
    (socket) => void sockets.push(socket),
  ).producer();
  const record = (value: string) =>
    toWireRecord({ topic, key: null, value: Buffer.from(value), headers: {} }, Date.now());
  await producer.connect();
  await producer.append(topic, 0, [record('before')]);

  muting = true;
  const late = producer.append(topic, 0, [record('after')]).catch((error: unknown) => error);
  // Until it is on its way.
  await waitFor(async () => (await valuesIn(topic)).length === 2, { description: 'the batch is in the log' });
  await producer.disconnect();
  muting = false;

  expect(await late).toBeInstanceOf(AppendError);
  await waitFor(() => sockets.every(({ destroyed }) => destroyed), {
    description: 'every connection is closed',
  });
});

it('a partition that is refused does not spoil the others in its request', async () => {
  const small = await bench.newTopic({ config: { 'max.message.bytes': '1000' } });
  const topic = await bench.newTopic();
  const producer = bench.newProducer();
  await send(producer, topic, 'connected');
  const results = await Promise.allSettled([
    send(producer, topic, 'one'),
    send(producer, small, randomBytes(4000).toString('base64')),
    send(producer, small, 'two'),
    send(producer, topic, 'three'),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(await valuesIn(topic)).toEqual(['connected', 'one', 'three']);
  expect(await valuesIn(small)).toEqual(['two']);
});
