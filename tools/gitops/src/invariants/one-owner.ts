import { type KubeObject, nameOf } from '@eda/charts';
import type { Finding, Invariant } from './invariant.ts';
import type { Environment, Subject } from './subject.ts';
import { addressOf, secretsOf, worldOf } from './world.ts';

export const oneOwner: Invariant = {
  name: 'one-owner',
  why: 'Two applications that make the same object undo each other for ever, and whichever is deleted takes it from the other.',
  check: (subject) =>
    subject.environments.flatMap((environment) =>
      [...twice(subject, environment), ...nowhere(subject, environment)].map((found) => ({
        environment: environment.environment,
        ...found,
      })),
    ),
};

function twice(subject: Subject, environment: Environment): Finding[] {
  const owners = new Map<string, string>();
  const found: Finding[] = [];
  const claim = (address: string, application: string, object: KubeObject, what: string) => {
    const owner = owners.get(address);
    if (owner === undefined) owners.set(address, application);
    else
      found.push({
        application,
        object: nameOf(object),
        reason: `${what} is made by ${owner} too; give one another name, or leave it to one of them`,
      });
  };
  for (const object of environment.root) claim(addressOf(object), 'root', object, 'it');
  for (const { application, object } of worldOf(subject, environment).all) {
    claim(addressOf(object), application, object, 'it');
    // A user of Kafka and the credentials that are made of it may have one name, in two namespaces.
    for (const secret of secretsOf(object))
      claim(
        `secret ${object.metadata.namespace ?? ''} ${secret}`,
        application,
        object,
        `the Secret ${secret}`,
      );
  }
  return found;
}

/** `argocd` is made by gitops/bootstrap. */
const MADE_BEFORE = 'argocd';

function nowhere(subject: Subject, environment: Environment): Finding[] {
  const namespaces = new Set([
    MADE_BEFORE,
    ...environment.root.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name),
  ]);
  const destinations = environment.children
    .filter(({ application }) => !namespaces.has(application.spec.destination.namespace))
    .map(({ name, application }) => ({
      application: name,
      path: 'spec.destination.namespace',
      reason: `there is no namespace ${application.spec.destination.namespace}; add it to namespaces in gitops/root/values.yaml`,
    }));
  const objects = worldOf(subject, environment)
    .all.filter(
      ({ object }) => object.metadata.namespace !== undefined && !namespaces.has(object.metadata.namespace),
    )
    .map(({ application, object }) => ({
      application,
      object: nameOf(object),
      path: 'metadata.namespace',
      reason: `there is no namespace ${object.metadata.namespace ?? ''}; add it to namespaces in gitops/root/values.yaml`,
    }));
  return [...destinations, ...objects];
}
