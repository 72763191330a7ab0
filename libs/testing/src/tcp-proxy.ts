/** A TCP proxy for tests of outages: in front of a database, a registry or a broker, to cut and to heal the connection. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface TcpProxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Ends all connections and refuses new ones. */
  cut(): Promise<void>;
  /** Lets connections stand and forwards nothing, as a peer that vanished does. */
  freeze(): void;
  /** Forwards again: after `cut` new connections, after `freeze` the old ones too. */
  heal(): Promise<void>;
}

export interface TcpProxyOptions {
  readonly host: string;
  readonly port: number;
}

/** Returns a proxy on a free port of the loopback address that forwards to `host` and `port`; dispose of it after the test. */
export async function createTcpProxy({ host, port }: TcpProxyOptions): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let frozen = false;

  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  };
  const forward = (client: Socket) => {
    const upstream = connect(port, host);
    track(client);
    track(upstream);
    if (!frozen) client.pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  };

  let server = await listen(0, forward);
  const own = (server.address() as AddressInfo).port;

  const cut = async () => {
    const closed = server.listening ? once(server, 'close') : undefined;
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    host: '127.0.0.1',
    port: own,
    cut,
    freeze: () => {
      frozen = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    heal: async () => {
      if (!server.listening) server = await listen(own, forward);
      if (!frozen) return;
      frozen = false;
      // What was on its way while frozen is lost in parts; ending the connections is what a real network does too.
      for (const socket of sockets) socket.destroy();
    },
    [Symbol.asyncDispose]: cut,
  };
}

async function listen(port: number, onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer(onConnection).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
