import type { KubeObject } from '../render/kube-object.ts';
import type { Policy, Violation } from './policy.ts';

export const kafkaAcls: Policy = {
  name: 'kafka-acls',
  why: 'A user with rights to everything reads what it should not, and a mistake of one app writes into the topics of all.',
  check: ({ objects }) => [...objects.flatMap(ofUser), ...objects.flatMap(ofCluster)],
};

interface UserSpec {
  readonly authentication?: { readonly type?: string };
  readonly authorization?: {
    readonly type?: string;
    readonly acls?: readonly {
      readonly type?: string;
      readonly resource?: { readonly type?: string; readonly name?: string; readonly patternType?: string };
      readonly operations?: readonly string[];
    }[];
  };
}

function ofUser(object: KubeObject): Violation[] {
  if (object.kind !== 'KafkaUser') return [];
  const { authentication, authorization } = (object.spec ?? {}) as UserSpec;
  const found: Violation[] = [];
  if (authentication?.type === undefined)
    found.push({
      object,
      path: 'spec.authentication',
      reason: 'is missing; say how the user proves who it is',
    });
  if (authorization?.type !== 'simple')
    found.push({
      object,
      path: 'spec.authorization',
      reason: 'has to be of type simple; write the rights down',
    });
  (authorization?.acls ?? []).forEach(({ type = 'allow', resource = {}, operations = [] }, index) => {
    if (type !== 'allow') return;
    const path = `spec.authorization.acls[${index}]`;
    const { name = '', patternType = 'literal' } = resource;
    if (name.includes('*'))
      found.push({
        object,
        path: `${path}.resource.name`,
        reason: `"${name}" stands for every ${resource.type ?? 'resource'}; write the names down`,
      });
    if (patternType === 'prefix' && name === '')
      found.push({
        object,
        path: `${path}.resource.name`,
        reason: 'is an empty prefix, which stands for everything; write what the names begin with',
      });
    if (operations.includes('All'))
      found.push({ object, path: `${path}.operations`, reason: 'holds All; write the operations down' });
  });
  return found;
}

function ofCluster(object: KubeObject): Violation[] {
  if (object.kind !== 'Kafka') return [];
  const { kafka } = (object.spec ?? {}) as {
    readonly kafka?: { readonly authorization?: { readonly superUsers?: readonly string[] } };
  };
  return (kafka?.authorization?.superUsers ?? []).map((user, index) => ({
    object,
    path: `spec.kafka.authorization.superUsers[${index}]`,
    reason: `${user} may do everything; give it a KafkaUser with the rights it needs`,
  }));
}
