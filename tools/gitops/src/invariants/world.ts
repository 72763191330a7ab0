/** Who makes what in one environment: the index that rules about several applications ask. */
import { groupOf, type KubeObject } from '@eda/charts';
import type { Child } from '../tree/render-tree.ts';
import { applied, at, kindOf, listAt, textAt } from './look.ts';
import type { Environment, Subject } from './subject.ts';

/** An object with the application that makes it. */
export interface Made {
  readonly application: string;
  readonly object: KubeObject;
}

export interface World {
  readonly environment: Environment;
  readonly all: readonly Made[];
  /** Returns who makes the object of this kind (`group/Kind`), namespace and name. */
  readonly find: (kind: string, namespace: string, name: string) => Made | undefined;
  /** Returns the application that makes a Secret, itself or by an operator. */
  readonly makerOf: (namespace: string, secret: string) => string | undefined;
  /** Returns the application that brings the kinds of a group. */
  readonly bringerOf: (group: string) => string | undefined;
}

/** Returns who makes what. */
export function worldOf(subject: Subject, environment: Environment): World {
  const all = environment.children.flatMap((child) =>
    applied(child).map((object) => ({ application: child.name, object })),
  );
  const byAddress = new Map(all.map((made) => [addressOf(made.object), made]));
  const secrets = new Map(
    all.flatMap(({ application, object }) =>
      secretsOf(object).map((name) => [`${object.metadata.namespace ?? ''}/${name}`, application]),
    ),
  );
  const bringers = new Map(
    environment.children.flatMap((child) => groupsOf(subject, child).map((group) => [group, child.name])),
  );
  return {
    environment,
    all,
    find: (kind, namespace, name) => byAddress.get([kind, namespace, name].join(' ')),
    makerOf: (namespace, secret) => secrets.get(`${namespace}/${secret}`),
    bringerOf: (group) => bringers.get(group),
  };
}

/** Returns what makes an object one: two with the same address are the same object. */
export function addressOf(object: KubeObject): string {
  return [kindOf(object), object.metadata.namespace ?? '', object.metadata.name].join(' ');
}

/** Returns the names of the Secrets that come of an object, in its namespace. */
export function secretsOf(object: KubeObject): string[] {
  const { name } = object.metadata;
  switch (kindOf(object)) {
    case '/Secret':
    case 'access.strimzi.io/KafkaAccess':
    case 'bitnami.com/SealedSecret':
      return [name];
    case 'kafka.strimzi.io/KafkaUser':
      return [name];
    case 'kafka.strimzi.io/Kafka':
      return [`${name}-cluster-ca-cert`];
    case 'external-secrets.io/ExternalSecret':
      return [textAt(object, 'spec', 'target', 'name') || name];
    case 'cert-manager.io/Certificate':
      return [textAt(object, 'spec', 'secretName')];
    case 'postgresql.cnpg.io/Cluster':
      return [`${name}-app`, `${name}-ca`];
    default:
      return [];
  }
}

/** The groups whose kinds a child adds to the cluster: as the inventory says of a chart of others, as its CRDs say of one of ours. */
function groupsOf({ inventory }: Subject, child: Child): string[] {
  const declared = inventory.applications.get(child.name)?.brings ?? [];
  const rendered = applied(child)
    .filter(({ kind }) => kind === 'CustomResourceDefinition')
    .map((crd) => textAt(crd, 'spec', 'group'));
  return [...declared, ...rendered];
}

/** A container with where it stands in its object. */
export interface Container {
  readonly env: readonly unknown[];
  readonly path: string;
  readonly content: unknown;
}

/** Returns the pods that an object leads to: where they stand in it, and what they consist of. */
export function podOf(object: KubeObject): { readonly path: string; readonly pod: unknown } | undefined {
  switch (`${groupOf(object)}/${object.kind}`) {
    case '/Pod':
      return { path: 'spec', pod: object.spec };
    case 'batch/CronJob':
      return {
        path: 'spec.jobTemplate.spec.template.spec',
        pod: at(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec'),
      };
    case 'apps/Deployment':
    case 'apps/StatefulSet':
    case 'apps/DaemonSet':
    case 'batch/Job':
      return { path: 'spec.template.spec', pod: at(object, 'spec', 'template', 'spec') };
    default:
      return undefined;
  }
}

/** Returns the containers of an object's pods. */
export function containersOf(object: KubeObject): Container[] {
  const found = podOf(object);
  if (found === undefined) return [];
  return ['initContainers', 'containers'].flatMap((key) =>
    listAt(found.pod, key).map((content, index) => ({
      content,
      env: listAt(content, 'env'),
      path: `${found.path}.${key}[${index}]`,
    })),
  );
}
