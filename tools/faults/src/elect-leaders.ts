/** Asks for an election of the preferred leaders, in Kafka's own protocol: kafkajs has no such request. */
import { once } from 'node:events';
import { connect } from 'node:net';

const ELECT_LEADERS = 43;
const PREFERRED = 0;
const VERSION = 1;
/** The preferred replica leads already. */
const NOT_NEEDED = 84;

/** Resolves when the election was held; rejects when the cluster refuses it for a partition. */
export async function electPreferredLeaders(
  address: string,
  topic: string,
  partitions: readonly number[],
  timeoutMs = 10_000,
): Promise<void> {
  const [host = '', port = ''] = address.split(':');
  const socket = connect({ host, port: Number(port) });
  const signal = AbortSignal.timeout(timeoutMs + 2000);
  try {
    await once(socket, 'connect', { signal });
    socket.write(request(topic, partitions, timeoutMs));
    let answer = Buffer.alloc(0);
    while (answer.length < 4 || answer.length < 4 + answer.readInt32BE(0)) {
      const [bytes] = (await once(socket, 'data', { signal })) as [Buffer];
      answer = Buffer.concat([answer, bytes]);
    }
    refuseErrors(answer);
  } finally {
    socket.destroy();
  }
}

function request(topic: string, partitions: readonly number[], timeoutMs: number): Buffer {
  const name = Buffer.from(topic);
  const body = Buffer.alloc(8 + 2 + 1 + 4 + 2 + name.length + 4 + 4 * partitions.length + 4);
  let at = body.writeInt16BE(ELECT_LEADERS, 0);
  at = body.writeInt16BE(VERSION, at);
  at = body.writeInt32BE(1, at);
  // No client id.
  at = body.writeInt16BE(-1, at);
  at = body.writeInt8(PREFERRED, at);
  at = body.writeInt32BE(1, at);
  at = body.writeInt16BE(name.length, at);
  at += name.copy(body, at);
  at = body.writeInt32BE(partitions.length, at);
  for (const partition of partitions) at = body.writeInt32BE(partition, at);
  body.writeInt32BE(timeoutMs, at);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** Length, correlation id, throttle time, error, topics of partitions with an error and a text each. */
function refuseErrors(answer: Buffer): void {
  const failure = answer.readInt16BE(12);
  if (failure !== 0) throw new Error(`the election was refused with error ${failure}`);
  let at = 14;
  let topics = answer.readInt32BE(at);
  at += 4;
  for (; topics > 0; topics--) {
    at += 2 + answer.readInt16BE(at);
    let partitions = answer.readInt32BE(at);
    at += 4;
    for (; partitions > 0; partitions--) {
      const partition = answer.readInt32BE(at);
      const code = answer.readInt16BE(at + 4);
      if (code !== 0 && code !== NOT_NEEDED)
        throw new Error(`no election for partition ${partition}: error ${code}`);
      at += 6;
      at += 2 + Math.max(0, answer.readInt16BE(at));
    }
  }
}
