import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { KafkaClientName, KafkaClientOptions, SocketFactory } from '@eda/kafka';

export interface FaultySockets {
  /** For `createKafkaClient`. */
  readonly socketFactory: SocketFactory;
  /** What makes the client of that name use these connections. */
  seam(client: KafkaClientName | undefined): Pick<KafkaClientOptions, 'socketFactory' | 'onSocket'>;
  /** Ends all connections and refuses new ones. */
  cut(): void;
  /** Lets connections stand and be made, and holds back what the broker answers, as if its process was stopped. */
  freeze(): void;
  /** After `cut` new connections can be made, after `freeze` the answers arrive. */
  heal(): void;
  /** Lets the broker write the next `count` batches and drops its answers, by closing the connections. */
  loseProduceAnswers(count: number): void;
  /** Answers to produce requests that were dropped so far. */
  readonly lostAnswers: number;
}

const PRODUCE = 0;
const API_KEY_OFFSET = 4;
/** Nothing listens there. */
const CLOSED_PORT = 1;

/** Connections of one Kafka client that fail when a test wants it, on the client's side of the wire. */
export function createFaultySockets(): FaultySockets {
  const sockets = new Set<Socket>();
  let isCut = false;
  let isFrozen = false;
  let toLose = 0;
  let lost = 0;

  const loseAnswers = (socket: Socket) => {
    let losing = false;
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    socket.write = (data: unknown, ...rest: unknown[]) => {
      if (toLose > 0 && Buffer.isBuffer(data) && data.readInt16BE(API_KEY_OFFSET) === PRODUCE) {
        toLose -= 1;
        losing = true;
      }
      return write(data, ...rest);
    };
    const emit = socket.emit.bind(socket) as (event: string, ...args: unknown[]) => boolean;
    socket.emit = ((event: string, ...args: unknown[]) => {
      if (event !== 'data' || !losing) return emit(event, ...args);
      lost += 1;
      losing = false;
      socket.destroy();
      return emit('end');
    }) as Socket['emit'];
  };

  const watch = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    loseAnswers(socket);
    if (isFrozen) socket.pause();
  };
  const socketFactory: SocketFactory = ({ host, port, onConnect }) => {
    const socket = connect({ host, port: isCut ? CLOSED_PORT : port }, onConnect);
    watch(socket);
    return socket;
  };
  const onSocket = (socket: Socket) => {
    watch(socket);
    if (isCut) socket.destroy(new Error('the connection is cut'));
  };

  return {
    socketFactory,
    seam: (client) => (client === 'platformatic' ? { onSocket } : { socketFactory }),
    cut() {
      isCut = true;
      for (const socket of sockets) {
        // As a real one does: a connection that is not made yet fails, one that was made ends.
        if (socket.connecting) socket.destroy(new Error('the connection is cut'));
        else {
          socket.destroy();
          socket.emit('end');
        }
      }
    },
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    heal() {
      isCut = false;
      if (!isFrozen) return;
      isFrozen = false;
      for (const socket of sockets) socket.resume();
    },
    loseProduceAnswers(count) {
      toLose += count;
    },
    get lostAnswers() {
      return lost;
    },
  };
}
