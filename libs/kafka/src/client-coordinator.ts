import { accessDenied } from './client-errors.ts';
import type { InternalCluster } from './client-internals.ts';
import type { ClientConsumer, ClientConsumerOptions } from './client-types.ts';

const GROUP = 0;

/**
 * kafkajs says "no coordinator found" whatever the brokers answered to the question who coordinates a group. Asks once more and
 * returns the answer when it is that this client may not know.
 */
async function refusal(cluster: InternalCluster, groupId: string): Promise<Error | undefined> {
  try {
    await cluster.connect();
    await cluster.refreshMetadata();
    const broker = await cluster.findControllerBroker();
    await broker.findGroupCoordinator({ groupId, coordinatorType: GROUP });
    return undefined;
  } catch (error) {
    return accessDenied(error, { action: 'read', group: groupId });
  } finally {
    await cluster.disconnect().catch(() => undefined);
  }
}

/** A consumer whose crash for want of a coordinator is reported as what the brokers really said. */
export function withRefusals(
  options: ClientConsumerOptions,
  groupId: string,
  cluster: () => InternalCluster,
  make: (options: ClientConsumerOptions) => ClientConsumer,
): ClientConsumer {
  return make({
    ...options,
    onCrash: (error, unreachable) => {
      if (!isWithoutCoordinator(error)) {
        options.onCrash(error, unreachable);
        return;
      }
      void refusal(cluster(), groupId).then((refused) => {
        options.onCrash(refused ?? error, refused === undefined && unreachable);
      });
    },
  });
}

function isWithoutCoordinator(error: unknown): boolean {
  for (let link = error; link instanceof Error; link = link.cause)
    if (link.name === 'KafkaJSGroupCoordinatorNotFound') return true;
  return false;
}
