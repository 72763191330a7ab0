/** Connections that lose answers to produce requests: the broker has appended the batch, and its answer never arrives. */
import { connect, type Socket } from 'node:net';
import type { SocketFactory } from '@eda/kafka';

export interface LossySockets {
  readonly socketFactory: SocketFactory;
  /** Answers that were lost so far. */
  readonly lost: number;
}

const PRODUCE = 0;
const API_KEY_OFFSET = 4;

/** Loses up to `count` answers; `choose` is asked at each produce request, in turn. */
export function createLossySockets(count: number, choose: () => boolean): LossySockets {
  let lost = 0;
  let doomed = 0;
  return {
    socketFactory: ({ host, port, onConnect }) => loseAnswers(connect({ host, port }, onConnect)),
    get lost() {
      return lost;
    },
  };

  function loseAnswers(socket: Socket): Socket {
    let losing = false;
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    socket.write = (data: unknown, ...rest: unknown[]) => {
      const isProduce = Buffer.isBuffer(data) && data.readInt16BE(API_KEY_OFFSET) === PRODUCE;
      if (isProduce && !losing && doomed < count && choose()) {
        doomed += 1;
        losing = true;
      }
      return write(data, ...rest);
    };
    const emit = socket.emit.bind(socket) as (event: string, ...args: unknown[]) => boolean;
    socket.emit = ((event: string, ...args: unknown[]) => {
      if (event !== 'data' || !losing) return emit(event, ...args);
      losing = false;
      lost += 1;
      socket.destroy();
      return emit('end');
    }) as Socket['emit'];
    return socket;
  }
}
