/** A TCP proxy in front of a server that can lose, delay and slow down what passes: network faults without root. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';

export interface Weather {
  /** Added to each piece of data, in milliseconds. */
  readonly delayMs: number;
  /** Up to so much more or less, at random. */
  readonly jitterMs: number;
  /** Share of the pieces that come `lossDelayMs` later, as after a lost packet: TCP hides the loss and costs the time. */
  readonly lossShare: number;
  readonly lossDelayMs: number;
  readonly bytesPerSecond: number;
}

export interface NetworkProxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Connections stand and nothing passes, new ones included, as when packets are dropped. */
  partition(): void;
  /** Ends all connections and refuses new ones. */
  cut(): void;
  setWeather(weather: Weather | undefined): void;
  /** Lets everything pass again; what was on its way while partitioned is lost with its connection. */
  heal(): void;
}

/** Returns a proxy on a free port of loopback to `target`; `random` decides jitter and loss. */
export async function createNetworkProxy(
  target: { readonly host: string; readonly port: number },
  random: () => number = Math.random,
): Promise<NetworkProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'open' | 'partitioned' | 'cut' = 'open';
  let weather: Weather | undefined;
  const destroy = (pair: readonly [Socket, Socket]) => {
    pairs.delete(pair);
    for (const socket of pair) socket.destroy();
  };
  const server = createServer((client) => {
    client.on('error', () => undefined);
    if (state === 'cut') {
      client.destroy();
      return;
    }
    const upstream = connect(target.port, target.host);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => destroy(pair));
    }
    if (state === 'partitioned') {
      for (const socket of pair) socket.pause();
      return;
    }
    client.pipe(shaped(() => weather, random)).pipe(upstream);
    upstream.pipe(shaped(() => weather, random)).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    partition() {
      state = 'partitioned';
      for (const pair of pairs) for (const socket of pair) socket.unpipe().pause();
    },
    cut() {
      state = 'cut';
      for (const pair of [...pairs]) destroy(pair);
    },
    setWeather(next) {
      weather = next;
    },
    heal() {
      if (state === 'partitioned') for (const pair of [...pairs]) destroy(pair);
      state = 'open';
      weather = undefined;
    },
    async [Symbol.asyncDispose]() {
      for (const pair of [...pairs]) destroy(pair);
      server.close();
      await once(server, 'close');
    },
  };
}

/** Passes data on in order, each piece when the weather lets it. */
function shaped(weather: () => Weather | undefined, random: () => number): Transform {
  let freeAt = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const now = weather();
      if (now === undefined) {
        done(null, chunk);
        return;
      }
      const { delayMs, jitterMs, lossShare, lossDelayMs, bytesPerSecond } = now;
      const at = performance.now();
      const delay = delayMs + (2 * random() - 1) * jitterMs + (random() < lossShare ? lossDelayMs : 0);
      freeAt = Math.max(at, freeAt) + (chunk.length / bytesPerSecond) * 1000;
      setTimeout(() => done(null, chunk), Math.max(0, freeAt - at + delay));
    },
  });
}
