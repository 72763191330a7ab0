import { excepts, EXCEPTIONS_FILE, exceptionsIn, nameOf, POLICIES } from '@eda/charts';
import type { Finding, Invariant } from './invariant.ts';
import { applied } from './look.ts';

/**
 * The rules that hold for each chart by itself, on what is deployed: with the values, the namespace and the release of each environment.
 * They are what says that API versions are current, that listeners ask who somebody is, that Secrets are mounted whole and hold no data,
 * that Jobs can be made again, and how pods have to be.
 */
export const chartPolicies: Invariant = {
  name: 'chart-policies',
  why: 'Charts are checked with the values that stand in folders of their names; what is deployed under another name, or by overlays, would escape.',
  check: (subject) =>
    subject.environments.flatMap(({ environment, children }) =>
      children.flatMap((child): Finding[] => {
        const { name, application } = child;
        const { source, destination } = application.spec;
        const list = subject.files.get(`${source?.path ?? ''}/${EXCEPTIONS_FILE}`) ?? '[]';
        const { exceptions } = exceptionsIn(
          list,
          POLICIES.map(({ name: policy }) => policy),
        );
        // Helm's own labels are not there where Helm was not.
        const isHelm = source?.path?.startsWith('charts/') ?? false;
        return POLICIES.filter((policy) => isHelm || policy.name !== 'labels-and-namespace').flatMap(
          ({ name: policy, check }) =>
            check({ objects: applied(child), namespace: destination.namespace })
              .filter(({ object }) => !exceptions.some((one) => excepts(one, policy, nameOf(object))))
              .map(({ object, path, reason }) => ({
                environment,
                application: name,
                object: nameOf(object),
                ...(path === undefined ? {} : { path }),
                reason: `${reason} [${policy}]`,
              })),
        );
      }),
    ),
};
