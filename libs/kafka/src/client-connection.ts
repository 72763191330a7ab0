import { createRequire } from 'node:module';

/** What one connection of kafkajs has received of an answer that is not complete yet. */
interface Received {
  chunks: Buffer[];
  bytesBuffered: number;
  bytesNeeded: number;
}

interface InternalConnection extends Received {
  isConnected(): boolean;
  connect: (this: InternalConnection) => Promise<unknown>;
}

const require = createRequire(import.meta.url);
const { prototype } = require('kafkajs/src/network/connection.js') as { prototype: InternalConnection };

/** Every answer begins with its length. */
const LENGTH_BYTES = 4;

let installed = false;

/**
 * Lets each connection of kafkajs 2.2.4 begin with nothing received. It keeps the first half of an answer that broke off and takes
 * what the next connection receives for the other half: no answer is understood any more, or an exception that nobody catches
 * ends the process. Goes when kafkajs does.
 */
export function forgetBrokenAnswersOfKafkajs(): void {
  if (installed) return;
  installed = true;
  const { connect } = prototype;
  prototype.connect = function (this: InternalConnection) {
    if (!this.isConnected())
      Object.assign(this, { chunks: [], bytesBuffered: 0, bytesNeeded: LENGTH_BYTES } satisfies Received);
    return connect.call(this);
  };
}
