import fc from 'fast-check';
import { expect, it } from 'vitest';
import vectors from '../vectors/partition-vectors.json' with { type: 'json' };
import { murmur2, partitionOf } from './murmur2.ts';

/** Key, hash and the partition for each number of partitions. */
const JAVA = vectors.vectors as [string, number, number[]][];

it(`hashes keys and finds their partitions as Kafka's Java client does`, () => {
  expect(JAVA.length).toBeGreaterThan(1000);
  const ours = JAVA.map(([base64]) => {
    const key = Buffer.from(base64, 'base64');
    return [base64, murmur2(key), vectors.partitions.map((count) => partitionOf(key, count))];
  });

  expect(ours).toEqual(JAVA);
});

it('always gives a partition that exists', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), fc.integer({ min: 1, max: 100 }), (key, partitions) => {
      const partition = partitionOf(key, partitions);
      expect(partition).toBeGreaterThanOrEqual(0);
      expect(partition).toBeLessThan(partitions);
    }),
  );
});
