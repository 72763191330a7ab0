import { describe, expect, it } from 'vitest';
import type { InternalCluster } from './client-internals.ts';
import { createNames } from './client-names.ts';
import { createClientReader } from './client-reader.ts';

/** A cluster whose one partition moves from broker 1 to broker 2; metadata are old for the first `stale` questions. */
function movingCluster(stale: number, type = 'NOT_LEADER_FOR_PARTITION') {
  let asked = 0;
  const cluster = {
    metadata: () => {
      asked += 1;
      return Promise.resolve({
        topicMetadata: [
          { topic: 'orders', partitionMetadata: [{ partitionId: 0, leader: asked > stale ? 2 : 1 }] },
        ],
      });
    },
    findBroker: ({ nodeId }: { nodeId: string }) =>
      Promise.resolve({
        listOffsets: ({ topics }: { topics: { partitions: { timestamp: number }[] }[] }) =>
          nodeId === '2'
            ? Promise.resolve({
                responses: [
                  {
                    partitions: [
                      { partition: 0, offset: topics[0]?.partitions[0]?.timestamp === -2 ? '3' : '7' },
                    ],
                  },
                ],
              })
            : Promise.reject(Object.assign(new Error('moved'), { type })),
      }),
  } as unknown as InternalCluster;
  return { cluster, asked: () => asked };
}

describe('Bounds of a topic', () => {
  it('are asked for again when the leader has moved', async () => {
    const { cluster } = movingCluster(2);
    const reader = createClientReader(createNames(''), cluster);
    await expect(reader.bounds('orders')).resolves.toEqual([{ partition: 0, start: 3n, end: 7n }]);
  });

  it('are not asked for again when the answer would be the same', async () => {
    const { cluster, asked } = movingCluster(2, 'TOPIC_AUTHORIZATION_FAILED');
    const reader = createClientReader(createNames(''), cluster);
    await expect(reader.bounds('orders')).rejects.toThrow('moved');
    expect(asked()).toBe(1);
  });

  it('end with the answer of the broker when no leader is found', async () => {
    const { cluster } = movingCluster(100);
    const reader = createClientReader(createNames(''), cluster);
    await expect(reader.bounds('orders')).rejects.toThrow('moved');
  });
});
