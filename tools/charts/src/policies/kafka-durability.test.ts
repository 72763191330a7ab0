import { describe, expect, it } from 'vitest';
import { kafkaDurability } from './kafka-durability.ts';
import { changed, KAFKA, POOL, told } from './policy.setup.ts';

const topic = (replicas: number, required?: number) => `
apiVersion: kafka.strimzi.io/v1
kind: KafkaTopic
metadata: { name: orders, labels: { strimzi.io/cluster: eda } }
spec: { replicas: ${replicas}${required === undefined ? '' : `, config: { min.insync.replicas: ${required} }`} }
`;
const ONE = KAFKA.replaceAll(/(factor|isr|replicas): \d/g, '$1: 1');

describe('Copies in Kafka', () => {
  it('of which one may be missing are right', () => {
    expect(told(kafkaDurability, KAFKA, POOL, topic(3, 2))).toEqual([]);
    expect(told(kafkaDurability, topic(3, 2))).toEqual([]);
  });

  it('may be one where there is one broker', () => {
    expect(told(kafkaDurability, ONE, changed(POOL, 'replicas: 3', 'replicas: 1'), topic(1, 1))).toEqual([]);
    expect(told(kafkaDurability, topic(1, 1))).toEqual([]);
  });

  it('may not be more than there are brokers', () => {
    const two = changed(POOL, 'replicas: 3', 'replicas: 2');
    expect(told(kafkaDurability, two, KAFKA, topic(3))).toEqual(
      told(kafkaDurability, two, KAFKA, topic(3, 2)),
    );
    expect(told(kafkaDurability, KAFKA, two, topic(3, 2))).toEqual([
      'Kafka/eda spec.kafka.config["default.replication.factor"]: 3 copies cannot be made by 2 brokers; lower it',
      'Kafka/eda spec.kafka.config["transaction.state.log.replication.factor"]: 3 copies cannot be made by 2 brokers; lower it',
      'Kafka/eda spec.kafka.config["offsets.topic.replication.factor"]: 3 copies cannot be made by 2 brokers; lower it',
      'KafkaTopic/orders spec.replicas: 3 copies cannot be made by 2 brokers; lower it',
    ]);
  });

  it('are counted over all pools with brokers, and over no other', () => {
    const more = POOL.replace('name: broker', 'name: more');
    const controllers = POOL.replace('roles: [broker]', 'roles: [controller]');
    const one = changed(POOL, 'replicas: 3', 'replicas: 1');
    expect(told(kafkaDurability, KAFKA, one, more)).toEqual([]);
    expect(told(kafkaDurability, KAFKA, one, controllers)).toHaveLength(3);
  });

  it('may not all be required', () => {
    expect(told(kafkaDurability, topic(3, 3))).toEqual([
      'KafkaTopic/orders spec.config["min.insync.replicas"]: 3 of 3 copies are required, so one broker that restarts stops all writing; lower it',
    ]);
  });

  it('of which one is enough can be lost', () => {
    expect(told(kafkaDurability, topic(3, 1))).toEqual([
      'KafkaTopic/orders spec.config["min.insync.replicas"]: 1 copy is enough to acknowledge, and its broker can be lost; raise it to 2',
    ]);
  });

  it('have to be named', () => {
    expect(told(kafkaDurability, changed(KAFKA, '      min.insync.replicas: 2\n', ''), POOL)).toContain(
      'Kafka/eda spec.kafka.config["min.insync.replicas"]: is missing, and its default is not safe for every cluster; set it',
    );
    expect(told(kafkaDurability, 'kind: KafkaTopic\nmetadata: { name: a }\nspec: {}')).toEqual([
      'KafkaTopic/a spec.replicas: is missing; say how many copies there are',
    ]);
  });

  it('need brokers', () => {
    expect(told(kafkaDurability, KAFKA)).toEqual([
      'Kafka/eda metadata.name: has no KafkaNodePool with the label strimzi.io/cluster: eda; add one',
    ]);
  });
});
