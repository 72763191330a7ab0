/**
 * Asks a broker for its metadata in Kafka's own protocol. Answering means more than an open port: the broker has
 * joined its cluster and serves clients. Written by hand because a whole client takes longer to start than the answer.
 */
import { connect } from 'node:net';

const METADATA = 3;

/** Returns whether the broker at `address` (`host:port`) answers a metadata request and names itself as alive. */
export function kafkaAnswers(address: string, timeoutMs = 2_000): Promise<boolean> {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(address) ?? [];
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) }, () => socket.write(metadataRequest()));
    let answer = Buffer.alloc(0);
    const finish = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(timeoutMs, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
    socket.on('data', (bytes) => {
      answer = Buffer.concat([answer, bytes]);
      // Length, correlation id, then the number of brokers.
      if (answer.length >= 12) finish(answer.readInt32BE(4) === METADATA && answer.readInt32BE(8) > 0);
    });
  });
}

/**
 * Returns the ids of the brokers that the one at `address` knows to be alive, itself among them once it serves clients;
 * none when it does not answer.
 */
export function livingBrokers(address: string, timeoutMs = 2_000): Promise<number[]> {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(address) ?? [];
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) }, () => socket.write(metadataRequest()));
    let answer = Buffer.alloc(0);
    const finish = (ids: number[]) => {
      socket.destroy();
      resolve(ids);
    };
    socket.setTimeout(timeoutMs, () => finish([]));
    socket.on('error', () => finish([]));
    socket.on('close', () => finish([]));
    socket.on('data', (bytes) => {
      answer = Buffer.concat([answer, bytes]);
      if (answer.length >= 4 && answer.length >= 4 + answer.readInt32BE(0)) finish(brokerIds(answer));
    });
  });
}

function brokerIds(answer: Buffer): number[] {
  const ids: number[] = [];
  let at = 12;
  for (let left = answer.readInt32BE(8); left > 0; left--) {
    ids.push(answer.readInt32BE(at));
    // The id, the host, the port, and a rack that may be absent.
    at += 4;
    at += 2 + answer.readInt16BE(at);
    at += 4;
    at += 2 + Math.max(0, answer.readInt16BE(at));
  }
  return ids;
}

/** Version 1 with an empty list of topics: brokers only. The correlation id is the API key. */
function metadataRequest(): Buffer {
  const request = Buffer.alloc(18);
  request.writeInt32BE(14, 0);
  request.writeInt16BE(METADATA, 4);
  request.writeInt16BE(1, 6);
  request.writeInt32BE(METADATA, 8);
  request.writeInt16BE(-1, 12);
  request.writeInt32BE(0, 14);
  return request;
}
