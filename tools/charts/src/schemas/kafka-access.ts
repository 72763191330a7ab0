/**
 * The definition of KafkaAccess, which is in no package registry. Its fields are those of version 0.3.0 of the Strimzi Access Operator
 * (github.com/strimzi/kafka-access-operator, packaging/install/040-Crd-kafkaaccess.yaml), stricter where a KafkaAccess of this repository
 * would be of no use without: a listener and a user have to be named, and the user is a KafkaUser.
 */
import type { CustomResourceDefinition } from './crd-to-json-schema.ts';

const text = { type: 'string', minLength: 1 };

export const KAFKA_ACCESS: CustomResourceDefinition = {
  kind: 'CustomResourceDefinition',
  spec: {
    group: 'access.strimzi.io',
    names: { kind: 'KafkaAccess' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            required: ['spec'],
            properties: {
              spec: {
                type: 'object',
                required: ['kafka', 'user'],
                properties: {
                  kafka: {
                    type: 'object',
                    required: ['name', 'listener'],
                    properties: { name: text, namespace: text, listener: text },
                  },
                  user: {
                    type: 'object',
                    required: ['kind', 'apiGroup', 'name'],
                    properties: {
                      kind: { type: 'string', enum: ['KafkaUser'] },
                      apiGroup: { type: 'string', enum: ['kafka.strimzi.io'] },
                      name: text,
                      namespace: text,
                    },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};
