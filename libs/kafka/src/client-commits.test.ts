import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { commitsOfKafkajsFollowTheCoordinator } from './client-commits.ts';
import { errorOfCode } from './client-internals.ts';

interface OffsetManager {
  commitOffsets(offsets: {
    topics: { topic: string; partitions: { partition: number; offset: string }[] }[];
  }): Promise<void>;
}

const require = createRequire(import.meta.url);
const OffsetManager = require('kafkajs/src/consumer/offsetManager/index.js') as new (
  options: object,
) => OffsetManager;

const NOT_COORDINATOR = 16;

/** A broker that takes commits, or not. */
function createBroker({ isCoordinator }: { isCoordinator: boolean }) {
  const committed: string[] = [];
  return {
    committed,
    isConnected: () => true,
    offsetCommit: ({ topics: [topic] }: Parameters<OffsetManager['commitOffsets']>[0]) => {
      if (!isCoordinator) return Promise.reject(errorOfCode(NOT_COORDINATOR));
      committed.push(topic?.partitions[0]?.offset ?? '');
      return Promise.resolve();
    },
  };
}

/** A member that joined while `former` was the coordinator of its group. */
function memberOf(former: object, found: () => Promise<object>) {
  const manager = new OffsetManager({
    cluster: {
      refreshMetadata: () => Promise.resolve(),
      findGroupCoordinator: found,
      committedOffsets: () => ({}),
    },
    coordinator: former,
    memberAssignment: { t: [0] },
    instrumentationEmitter: { emit: () => undefined },
    groupId: 'g',
  });
  return (offset: string) =>
    manager.commitOffsets({ topics: [{ topic: 't', partitions: [{ partition: 0, offset }] }] });
}

commitsOfKafkajsFollowTheCoordinator();

it('a commit that the former coordinator refuses fails, and the next one goes to the present one', async () => {
  const present = createBroker({ isCoordinator: true });
  const commit = memberOf(createBroker({ isCoordinator: false }), () => Promise.resolve(present));

  await expect(commit('1')).rejects.toMatchObject({ type: 'NOT_COORDINATOR_FOR_GROUP' });
  await commit('2');

  expect(present.committed).toEqual(['2']);
});

it('while nobody says who coordinates the group, the commit fails as it did', async () => {
  const commit = memberOf(createBroker({ isCoordinator: false }), () => Promise.reject(new Error('nobody')));

  await expect(commit('1')).rejects.toMatchObject({ type: 'NOT_COORDINATOR_FOR_GROUP' });
  await expect(commit('2')).rejects.toMatchObject({ type: 'NOT_COORDINATOR_FOR_GROUP' });
});
