import { describe, expect, it } from 'vitest';
import { kafkaAcls } from './kafka-acls.ts';
import { changed, KAFKA, told } from './policy.setup.ts';

const USER = `
apiVersion: kafka.strimzi.io/v1
kind: KafkaUser
metadata: { name: store }
spec:
  authentication: { type: scram-sha-512 }
  authorization:
    type: simple
    acls: [{ resource: { type: topic, name: orders, patternType: literal }, operations: [Write], host: '*' }]
`;

describe('The rights of a user', () => {
  it('to a topic by its name are right, from any host', () => {
    expect(told(kafkaAcls, USER, KAFKA)).toEqual([]);
  });

  it.each([
    ['name: orders', "name: '*'", 'resource.name: "*" stands for every topic; write the names down'],
    [
      'name: orders, patternType: literal',
      "name: '', patternType: prefix",
      'resource.name: is an empty prefix, which stands for everything; write what the names begin with',
    ],
    ['[Write]', '[All]', 'operations: holds All; write the operations down'],
  ])('are too many when %s becomes %s', (from, to, line) => {
    expect(told(kafkaAcls, changed(USER, from, to))).toEqual([
      `KafkaUser/store spec.authorization.acls[0].${line}`,
    ]);
  });

  it('may be denied to everything', () => {
    expect(
      told(
        kafkaAcls,
        changed(
          USER,
          'acls: [{ resource: { type: topic, name: orders',
          "acls: [{ type: deny, resource: { type: topic, name: '*'",
        ),
      ),
    ).toEqual([]);
  });

  it('have to be written down, and the user has to prove who it is', () => {
    expect(told(kafkaAcls, 'kind: KafkaUser\nmetadata: { name: store }')).toEqual([
      'KafkaUser/store spec.authentication: is missing; say how the user proves who it is',
      'KafkaUser/store spec.authorization: has to be of type simple; write the rights down',
    ]);
  });

  it('are not given past the rights', () => {
    expect(
      told(
        kafkaAcls,
        changed(
          KAFKA,
          'authorization: { type: simple }',
          'authorization: { type: simple, superUsers: [CN=me] }',
        ),
      ),
    ).toEqual([
      'Kafka/eda spec.kafka.authorization.superUsers[0]: CN=me may do everything; give it a KafkaUser with the rights it needs',
    ]);
  });
});
