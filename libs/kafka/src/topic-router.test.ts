import { expect, it, vi } from 'vitest';
import type { ClientAdmin } from './client-types.ts';
import { NotSent } from './errors.ts';
import { PendingRecord } from './pending-record.ts';
import { TopicRouter } from './topic-router.ts';

type Asked = Pick<ClientAdmin, 'connect' | 'disconnect' | 'partitionCount'>;

function routerOn(admin: Asked) {
  const delivered: string[] = [];
  const router = new TopicRouter(admin as ClientAdmin, {
    deliver: ({ wire }) => delivered.push(String(wire.value)),
    refuse: (record, error) => {
      record.reject(error);
    },
  });
  const route = (value: string): Promise<unknown> => {
    const wire = { key: null, value: Buffer.from(value), headers: {}, timestamp: Date.now(), size: 1 };
    const record = new PendingRecord('t', wire, performance.now() + 10_000);
    router.route(record, 0);
    return record.promise.catch((error: unknown) => error);
  };
  return { router, route, delivered };
}

it('a connection that is still being made when the producer closes is ended', async () => {
  const connected = Promise.withResolvers<undefined>();
  const calls: string[] = [];
  const { router, route } = routerOn({
    connect: async () => {
      calls.push('connect');
      await connected.promise;
    },
    partitionCount: () => Promise.resolve(1),
    disconnect: () => {
      calls.push('disconnect');
      return Promise.resolve();
    },
  });
  const waiting = route('a');

  router.abandon(new NotSent('closed'));
  const closed = router.close();
  connected.resolve(undefined);
  await closed;

  expect(await waiting).toBeInstanceOf(NotSent);
  expect(calls).toEqual(['connect', 'disconnect']);
  await expect(router.exists('t')).resolves.toBe(true);
  expect(calls).toEqual(['connect', 'disconnect']);
});

it('topics that are asked for at the same time share one connection', async () => {
  let connections = 0;
  const { router } = routerOn({
    connect: () => {
      connections += 1;
      return Promise.resolve();
    },
    partitionCount: () => Promise.resolve(1),
    disconnect: () => Promise.resolve(),
  });

  await Promise.all(['a', 'b', 'c'].map((topic) => router.exists(topic)));
  await router.close();

  expect(connections).toBe(1);
});

it('a topic that is gone for a moment does not let later records overtake those that wait for it', async () => {
  const answers: (number | undefined)[] = [undefined, undefined];
  const { router, route, delivered } = routerOn({
    connect: () => Promise.resolve(),
    partitionCount: () => Promise.resolve(answers.length > 0 ? answers.shift() : 1),
    disconnect: () => Promise.resolve(),
  });
  void route('first');
  await router.exists('t');

  void route('second');

  await expect.poll(() => delivered).toHaveLength(2);
  expect(delivered).toEqual(['first', 'second']);
  await router.close();
});

it('a topic in use stays in use when the cluster does not know it for a moment', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    let asked = 0;
    const { router, route, delivered } = routerOn({
      connect: () => Promise.resolve(),
      partitionCount: () => Promise.resolve((asked += 1) === 1 ? 1 : undefined),
      disconnect: () => Promise.resolve(),
    });
    void route('0');
    await vi.waitFor(() => {
      expect(delivered).toEqual(['0']);
    });

    for (let n = 1; n <= 6; n += 1) {
      vi.setSystemTime(Date.now() + 61_000);
      void route(`${n}`);
      await vi.waitFor(() => {
        expect(asked).toBeGreaterThan(n);
      });
    }

    expect(delivered).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    await router.close();
  } finally {
    vi.useRealTimers();
  }
});
