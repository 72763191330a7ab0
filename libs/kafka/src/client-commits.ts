import { createRequire } from 'node:module';
import { brokerErrorType } from './client-errors.ts';

interface OffsetManager {
  readonly groupId: string;
  readonly cluster: { findGroupCoordinator(request: { groupId: string }): Promise<object> };
  /** Where the offsets of the group are committed. */
  coordinator: object;
}

interface Prototype {
  commitOffsets: (this: OffsetManager, offsets: unknown) => Promise<void>;
}

const require = createRequire(import.meta.url);
const { prototype } = require('kafkajs/src/consumer/offsetManager/index.js') as { prototype: Prototype };

let installed = false;

/**
 * Lets the commits of kafkajs 2.2.4 follow the coordinator of their group: one that is refused because the coordinator has moved
 * still fails, and the next one goes to the new one. kafkajs looks for it only when it joins; a join that meets a coordinator which
 * is loading its groups is given up while the member stays one, and all of its commits go to the old coordinator from then on.
 * Goes when kafkajs does.
 */
export function commitsOfKafkajsFollowTheCoordinator(): void {
  if (installed) return;
  installed = true;
  const { commitOffsets } = prototype;
  prototype.commitOffsets = async function (offsets) {
    try {
      await commitOffsets.call(this, offsets);
    } catch (error) {
      if (brokerErrorType(error) === 'NOT_COORDINATOR_FOR_GROUP')
        this.coordinator = await this.cluster
          .findGroupCoordinator({ groupId: this.groupId })
          .catch(() => this.coordinator);
      throw error;
    }
  };
}
