import { nameOf } from '@eda/charts';
import { certificateFile } from '../sealing/sealing-keys.ts';
import type { Finding, Invariant } from './invariant.ts';
import { applied, isDurable, isSealed, keysAt, objectsInValues } from './look.ts';
import type { Environment, Subject } from './subject.ts';

/** What charts render is asked for Secrets by the policies of charts; values of charts of others may hold whole objects as well. */
export const secrets: Invariant = {
  name: 'secrets',
  why: 'What is in Git is in every copy of it for ever; and a sealed secret can be opened only by the cluster that it was sealed for, never by a new one.',
  check: (subject) =>
    subject.environments
      .flatMap(({ environment, root, children }) =>
        children.flatMap((child): Finding[] => {
          const application = child.name;
          const inValues = objectsInValues(subject, environment, application);
          const withData = inValues
            .filter(
              ({ object }) =>
                object.kind === 'Secret' &&
                [...keysAt(object, 'data'), ...keysAt(object, 'stringData')].length > 0,
            )
            .map(({ file, object }) => ({
              environment,
              application,
              object: `${file}: ${nameOf(object)}`,
              reason: 'holds its data; let an operator make it',
            }));
          const sealed = [...applied(child), ...inValues.map(({ object }) => object)]
            .filter((object) => isSealed(object) && !isDurable(root))
            .map((object) => ({
              environment,
              application,
              object: nameOf(object),
              reason:
                'cannot be opened by a cluster that is new, and this environment is made anew at any time; let an operator make the Secret',
            }));
          return [...withData, ...sealed];
        }),
      )
      .concat(subject.environments.flatMap((tree) => ofCertificate(subject, tree))),
};

/** Who seals needs the certificate, and the bootstrap asks the cluster for its key. */
function ofCertificate({ files }: Subject, { environment, root, children }: Environment): Finding[] {
  const file = certificateFile(environment);
  const sealed = isDurable(root) ? children.flatMap(applied).find(isSealed) : undefined;
  if ((sealed !== undefined) === files.has(file)) return [];
  return [
    {
      environment,
      object: file,
      reason:
        sealed === undefined
          ? 'nothing is sealed with it; remove it'
          : `is missing, and ${nameOf(sealed)} was sealed with it; npm run seal -- key ${environment} makes another`,
    },
  ];
}
