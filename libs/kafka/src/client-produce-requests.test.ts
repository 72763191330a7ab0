import { expect, it } from 'vitest';
import type { InternalBroker, ProduceAnswer } from './client-internals.ts';
import { ProduceRequests } from './client-produce-requests.ts';

interface Sent {
  /** `topic/partition` in the order of the request, with the batch as text. */
  readonly parts: [place: string, batch: string][];
  readonly answer: (errors?: Readonly<Record<string, number>>) => void;
  readonly fail: (error: Error) => void;
}

/** What a partition is given that shall be missing in the answer. */
const MISSING = -2;

/** A broker that takes requests and answers when it is told to; offsets are 100 and the partition. */
function createBroker() {
  const sent: Sent[] = [];
  const broker = {
    lookupRequest: () => () => ({ request: {}, response: {} }),
    connectionPool: {
      async send({ request }: { request: { encode(): Promise<{ buffer: Buffer }> } }) {
        const parts = decode((await request.encode()).buffer);
        const { promise, resolve, reject } = Promise.withResolvers<ProduceAnswer>();
        const answer = (errors: Readonly<Record<string, number>> = {}) => {
          resolve({
            topics: parts
              .filter(([place]) => errors[place] !== MISSING)
              .map(([place]) => {
                const [topicName = '', partition] = place.split('/');
                const number = Number(partition);
                const errorCode = errors[place] ?? 0;
                return {
                  topicName,
                  partitions: [{ partition: number, errorCode, baseOffset: String(100 + number) }],
                };
              }),
          });
        };
        sent.push({ parts, answer, fail: reject });
        return promise;
      },
    },
  };
  return { broker: broker as unknown as InternalBroker, sent };
}

function decode(body: Buffer): [string, string][] {
  const parts: [string, string][] = [];
  let at = 8;
  const int = () => body.readInt32BE((at += 4) - 4);
  const text = (length: number) => body.toString('utf8', at, (at += length));
  for (let topics = int(); topics > 0; topics -= 1) {
    const topic = text(body.readInt16BE((at += 2) - 2));
    for (let partitions = int(); partitions > 0; partitions -= 1) {
      const partition = int();
      parts.push([`${topic}/${partition}`, text(int())]);
    }
  }
  expect(at).toBe(body.length);
  return parts;
}

const batch = (text: string) => () => Promise.resolve(Buffer.from(text));
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

it('batches that are begun together share a request, and each gets its own offset', async () => {
  const { broker, sent } = createBroker();
  const requests = new ProduceRequests(broker);
  const offsets = Promise.all([
    requests.append('a', 1, batch('x')),
    requests.append('b', 7, batch('yy')),
    requests.append('a', 2, batch('')),
  ]);
  await turn();
  expect(sent.map(({ parts }) => parts)).toEqual([
    [
      ['a/1', 'x'],
      ['a/2', ''],
      ['b/7', 'yy'],
    ],
  ]);
  sent[0]?.answer();
  expect(await offsets).toEqual([101n, 107n, 102n]);
});

it('what comes while a request is on its way does not wait for its answer', async () => {
  const { broker, sent } = createBroker();
  const requests = new ProduceRequests(broker);
  const first = requests.append('a', 1, batch('x'));
  await turn();
  const second = requests.append('a', 2, batch('y'));
  await turn();
  expect(sent).toHaveLength(2);
  sent[1]?.answer();
  expect(await second).toBe(102n);
  sent[0]?.answer();
  expect(await first).toBe(101n);
});

it('a partition that is refused fails alone', async () => {
  const { broker, sent } = createBroker();
  const requests = new ProduceRequests(broker);
  const both = Promise.allSettled([
    requests.append('a', 1, batch('x')),
    requests.append('a', 2, batch('y')),
    requests.append('b', 1, batch('z')),
  ]);
  await turn();
  sent[0]?.answer({ 'a/2': 10 });
  expect(await both).toMatchObject([
    { status: 'fulfilled', value: 101n },
    { status: 'rejected', reason: { type: 'MESSAGE_TOO_LARGE' } },
    { status: 'fulfilled', value: 101n },
  ]);
});

it('a partition that the answer does not mention is in doubt', async () => {
  const { broker, sent } = createBroker();
  const requests = new ProduceRequests(broker);
  const both = Promise.allSettled([requests.append('a', 1, batch('x')), requests.append('a', 2, batch('y'))]);
  await turn();
  sent[0]?.answer({ 'a/1': MISSING });
  expect(await both).toMatchObject([
    { status: 'rejected', reason: { failure: 'unknown', code: 'NO_ANSWER' } },
    { status: 'fulfilled', value: 102n },
  ]);
});

it('a request that fails leaves all its partitions in doubt, for the same reason', async () => {
  const { broker, sent } = createBroker();
  const requests = new ProduceRequests(broker);
  const both = Promise.allSettled([requests.append('a', 1, batch('x')), requests.append('a', 2, batch('y'))]);
  await turn();
  const lost = new Error('connection closed');
  sent[0]?.fail(lost);
  expect(await both).toEqual([
    { status: 'rejected', reason: lost },
    { status: 'rejected', reason: lost },
  ]);
});

it('a batch that takes longer to encode is waited for; one that cannot be encoded is not', async () => {
  const { broker, sent } = createBroker();
  const requests = new ProduceRequests(broker);
  const { promise: compressed, resolve: finish } = Promise.withResolvers<Buffer>();
  const all = Promise.allSettled([
    requests.append('a', 1, batch('quick')),
    requests.append('a', 2, () => compressed),
    requests.append('a', 3, () => Promise.reject(new Error('no memory'))),
  ]);
  await turn();
  expect(sent).toEqual([]);
  finish(Buffer.from('slow'));
  await turn();
  expect(sent.map(({ parts }) => parts.map(([place]) => place))).toEqual([['a/1', 'a/2']]);
  sent[0]?.answer();
  expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
});

it('a batch that is ready does not wait for what is begun later', async () => {
  const { broker, sent } = createBroker();
  const requests = new ProduceRequests(broker);
  const first = requests.append('a', 1, batch('first'));
  await turn();
  const { promise: compressed, resolve: finish } = Promise.withResolvers<Buffer>();
  const slow = requests.append('a', 2, () => compressed);
  await turn();
  const third = requests.append('a', 3, batch('third'));
  await turn();
  // The third was begun before the slow one was ready, and goes with it.
  expect(sent.map(({ parts }) => parts.map(([place]) => place))).toEqual([['a/1']]);
  finish(Buffer.from('slow'));
  await turn();
  expect(sent.map(({ parts }) => parts.map(([place]) => place))).toEqual([['a/1'], ['a/3', 'a/2']]);
  for (const { answer } of sent) answer();
  expect(await Promise.all([first, slow, third])).toEqual([101n, 102n, 103n]);
});

it('no request is larger than brokers take', async () => {
  const { broker, sent } = createBroker();
  const requests = new ProduceRequests(broker);
  const large = Buffer.alloc(6 << 20);
  const all = Promise.all([1, 2, 3, 4].map((n) => requests.append('a', n, () => Promise.resolve(large))));
  await turn();
  expect(sent.map(({ parts }) => parts.map(([place]) => place))).toEqual([
    ['a/1', 'a/2'],
    ['a/3', 'a/4'],
  ]);
  for (const { answer } of sent) answer();
  expect(await all).toHaveLength(4);
});
