/** Ways to look at objects, which are known only as far as their schemas were checked elsewhere. */
import { groupOf, type KubeObject } from '@eda/charts';
import { parse } from 'yaml';
import type { Child } from '../tree/render-tree.ts';
import type { Subject } from './subject.ts';

/** Returns what stands at a path in a value; undefined when there is nothing. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (here, key) => (typeof here === 'object' && here !== null ? Reflect.get(here, key) : undefined),
    value,
  );
}

/** Returns the text at a path; empty when there is none. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
}

/** Returns the list at a path; empty when there is none. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** Returns the keys of the object at a path. */
export function keysAt(value: unknown, ...path: readonly (string | number)[]): string[] {
  const found = at(value, ...path);
  return typeof found === 'object' && found !== null ? Object.keys(found) : [];
}

/** Calls `visit` with each object and list within a value, itself included. */
export function walk(value: unknown, visit: (found: object) => void): void {
  if (typeof value !== 'object' || value === null) return;
  visit(value);
  for (const part of Object.values(value)) walk(part, visit);
}

/** Returns what Argo CD applies of a child: it leaves out what only `helm test` runs. */
export function applied({ objects = [] }: Child): readonly KubeObject[] {
  return objects.filter(
    ({ metadata }) => !/^test(-success|-failure)?$/.test(metadata.annotations?.['helm.sh/hook'] ?? ''),
  );
}

/** Returns `group/Kind`, the core group being empty: as kinds are written in the inventory. */
export function kindOf(object: KubeObject): string {
  return `${groupOf(object)}/${object.kind}`;
}

/** Returns whether an object is a Secret that Sealed Secrets opens. */
export function isSealed(object: KubeObject): boolean {
  return groupOf(object) === 'bitnami.com';
}

/** An object whose manifest stands in the values of a chart of others. */
export interface ValuesObject {
  readonly file: string;
  readonly object: KubeObject;
}

/** Returns the manifests in the values that an environment gives to a chart of others, and what those refer to in the same way. */
export function objectsInValues(subject: Subject, environment: string, application: string): ValuesObject[] {
  const found: ValuesObject[] = [];
  for (const [file, values] of valuesOf(subject, environment, application)) {
    walk(values, (value) => {
      if (textAt(value, 'apiVersion') === '' || textAt(value, 'kind') === '') return;
      const metadata = { name: textAt(value, 'name'), ...(at(value, 'metadata') as object | undefined) };
      found.push({ file, object: { ...value, metadata } as KubeObject });
    });
  }
  return found;
}

/** Returns the files of values that an environment gives to a chart of others, with what stands in them. */
export function valuesOf(
  { files }: Subject,
  environment: string,
  application: string,
): [file: string, values: unknown][] {
  const folders = [`gitops/platform/${application}/`, `gitops/envs/${environment}/${application}/`];
  return [...files]
    .filter(([file]) => folders.some((folder) => file.startsWith(folder)) && file.endsWith('.yaml'))
    .map(([file, text]) => [file, parse(text)]);
}

/** Groups of kinds that every cluster has. */
const BUILT_IN: ReadonlySet<string> = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);

/** Returns whether somebody has to bring the kinds of a group to the cluster. */
export function isCustom(group: string): boolean {
  return !BUILT_IN.has(group);
}

/** Returns whether data of the environment is worth a question: whether Argo CD asks before it deletes a namespace. */
export function isDurable(root: readonly KubeObject[]): boolean {
  return root.some(
    ({ kind, metadata }) =>
      kind === 'Namespace' &&
      (metadata.annotations?.['argocd.argoproj.io/sync-options'] ?? '').includes('Delete=confirm'),
  );
}
