/** The real parts that rows share: a cluster, with or without proxies in front of it, and a database. */
import { join } from 'node:path';
import { type KafkaCluster, startKafkaCluster, startPostgresServer } from '@eda/platform';
import { createNetworkProxy, type NetworkProxy } from './network-proxy.ts';
import { createRandom } from './random.ts';

export interface Stage extends AsyncDisposable {
  readonly cluster: KafkaCluster;
  readonly proxies: ReadonlyMap<number, NetworkProxy>;
}

/** Starts three brokers and a separate controller, so that two brokers may end and the third still has one to ask. */
export async function startStage(options: {
  readonly folder: string;
  readonly proxied: boolean;
  readonly seed: number;
  readonly signal?: AbortSignal;
}): Promise<Stage> {
  const proxies = new Map<number, NetworkProxy>();
  const random = createRandom(options.seed + 3);
  const close = () => Promise.all([...proxies.values()].map((proxy) => proxy[Symbol.asyncDispose]()));
  try {
    const cluster = await startKafkaCluster({
      folder: join(options.folder, `cluster-${options.proxied ? 'proxied' : 'direct'}`),
      controllers: 'separate',
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.proxied
        ? {
            advertise: async ({ id, port }) => {
              const proxy = await createNetworkProxy({ host: '127.0.0.1', port }, random);
              proxies.set(id, proxy);
              return proxy;
            },
          }
        : {}),
    });
    return {
      cluster,
      proxies,
      async [Symbol.asyncDispose]() {
        await cluster.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The database of a run: the given one, or one of our own. */
export async function startDatabase(options: {
  readonly folder: string;
  readonly url: string | undefined;
  readonly signal?: AbortSignal;
}): Promise<AsyncDisposable & { readonly url: string }> {
  if (options.url !== undefined) return { url: options.url, [Symbol.asyncDispose]: () => Promise.resolve() };
  return startPostgresServer({
    folder: join(options.folder, 'postgres'),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}
