import { nameOf } from '@eda/charts';
import { certificateFile } from '../sealing/sealing-keys.ts';
import type { Finding, Invariant } from './invariant.ts';
import { applied, isDurable, isSealed, keysAt, objectsInValues, valuesOf } from './look.ts';
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
          const plain = child.objects === undefined ? ofValues(subject, environment, application) : [];
          return [...withData, ...plain, ...sealed];
        }),
      )
      .concat(subject.environments.flatMap((tree) => ofCertificate(subject, tree))),
};

/** How charts name the value that is a secret itself, not the one that tells where it is. */
const SECRET = /(password|passwd|token|private_?key|secret_?key|access_?key|client_?secret)$/i;

function ofValues(subject: Subject, environment: string, application: string): Finding[] {
  return valuesOf(subject, environment, application).flatMap(([file, values]) =>
    textsIn(values)
      // A template is filled in elsewhere, and $name:key is how Argo CD refers to a Secret.
      .filter(([path, text]) => SECRET.test(path) && text !== '' && !/^\$|\{\{/.test(text))
      .map(([path]) => ({
        environment,
        application,
        object: file,
        path,
        reason: 'can be read by whoever has a copy; name a Secret that an operator makes, or seal it',
      })),
  );
}

/** The texts in a value, by their paths. */
function textsIn(value: unknown, path: readonly string[] = []): [path: string, text: string][] {
  if (typeof value === 'string') return [[path.join('.'), value]];
  if (typeof value !== 'object' || value === null) return [];
  // Of a whole Secret it is told that it has data.
  return Object.entries(value).flatMap(([key, part]) =>
    key === 'stringData' ? [] : textsIn(part, [...path, key]),
  );
}

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
