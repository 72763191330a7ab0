import { createRequire } from 'node:module';
import kafkajs from 'kafkajs';

interface InternalBroker {
  /** What the broker understands; null until it has said so. */
  readonly versions: object | null;
  readonly brokerAddress: string;
  isConnected(): boolean;
  apiVersions(): Promise<object>;
  disconnect(): Promise<void>;
}

type Prototype = {
  [Method in 'isConnected' | 'apiVersions']: (this: InternalBroker) => ReturnType<InternalBroker[Method]>;
};

const require = createRequire(import.meta.url);
const { prototype } = require('kafkajs/src/broker/index.js') as { prototype: Prototype };

let installed = false;

/**
 * Lets a broker of kafkajs 2.2.4 count as connected only when it has answered, and a connection on which it did not as not made:
 * the connection is closed, and the next one goes to another broker. A broker that hangs is still connected to, by its operating
 * system; kafkajs takes that for enough, never asks again, and everything fails with "Broker not connected" from then on.
 * Goes when kafkajs does.
 */
export function askUnansweredBrokersOfKafkajsAgain(): void {
  if (installed) return;
  installed = true;
  const { isConnected, apiVersions } = prototype;
  prototype.isConnected = function () {
    return this.versions !== null && isConnected.call(this);
  };
  prototype.apiVersions = async function () {
    try {
      return await apiVersions.call(this);
    } catch (error) {
      // Before somebody else who waits to connect is let in.
      await this.disconnect();
      if (!(error instanceof kafkajs.KafkaJSRequestTimeoutError)) throw error;
      throw new kafkajs.KafkaJSConnectionError(`Connection error: ${error.message}`, {
        broker: this.brokerAddress,
      });
    }
  };
}
