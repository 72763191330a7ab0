/**
 * An app as Kustomize has it, made from what its chart renders to in each environment: a base with what all have, and an overlay for each
 * environment with its image, its number of pods, and what only it has.
 */
import { type KubeObject, nameOf } from '@eda/charts';
import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'yaml';
import { GitopsError } from '../errors.ts';

/** Where the apps are that are deployed with Kustomize. */
export const KUSTOMIZE = 'gitops/kustomize';

const GENERATED = '# Generated from the chart of the app by `npm run gitops -- generate`. Do not edit.\n';

/** What Helm says of itself. */
const LABELS_OF_HELM = ['helm.sh/chart', 'app.kubernetes.io/managed-by'];

interface Workload extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}

/**
 * Returns the files of an app below its folder in gitops/kustomize, by name; `environments` holds the renders of its chart. Throws a
 * `GitopsError` when environments differ in more than Kustomize's `images` and `replicas` can say.
 */
export function kustomizeFiles(
  app: string,
  environments: ReadonlyMap<string, readonly KubeObject[]>,
): Map<string, string> {
  const renders = new Map([...environments].map(([name, objects]) => [name, objects.map(withoutHelm)]));
  const [first = []] = renders.values();
  const inAll = first.filter((object) =>
    [...renders.values()].every((objects) => objects.some((other) => isSame(object, other))),
  );
  const files = new Map([
    ['base/resources.yaml', GENERATED + documents(inAll)],
    ['base/kustomization.yaml', GENERATED + kustomization({ resources: ['resources.yaml'] })],
  ]);
  for (const [environment, objects] of renders) {
    const own = objects.filter((object) => !inAll.some((other) => isSame(object, other)));
    for (const object of own) refuseDifference(app, environment, object, renders);
    const folder = `overlays/${environment}`;
    if (own.length > 0) files.set(`${folder}/resources.yaml`, GENERATED + documents(own));
    files.set(
      `${folder}/kustomization.yaml`,
      GENERATED +
        kustomization({
          resources: ['../../base', ...(own.length > 0 ? ['resources.yaml'] : [])],
          ...imageAndReplicas(objects),
        }),
    );
  }
  return files;
}

/** Returns an object without the labels that Helm adds. */
export function withoutHelm(object: KubeObject): KubeObject {
  return JSON.parse(JSON.stringify(object), (key, value: unknown) =>
    key === 'labels' && typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).filter(([label]) => !LABELS_OF_HELM.includes(label)))
      : value,
  ) as KubeObject;
}

/** Whether they are the same apart from what `images` and `replicas` set. */
function isSame(one: KubeObject, other: KubeObject): boolean {
  return isDeepStrictEqual(comparable(one), comparable(other));
}

function comparable(object: KubeObject): unknown {
  if (!isWorkload(object)) return object;
  const { template } = object.spec;
  const containers = template.spec.containers.map((container) => ({
    ...container,
    image: splitImage(container.image).name,
  }));
  return {
    ...object,
    spec: {
      ...object.spec,
      replicas: undefined,
      template: { ...template, spec: { ...template.spec, containers } },
    },
  };
}

function refuseDifference(
  app: string,
  environment: string,
  object: KubeObject,
  renders: ReadonlyMap<string, readonly KubeObject[]>,
): void {
  const elsewhere = [...renders].find(
    ([name, objects]) => name !== environment && objects.some((other) => nameOf(other) === nameOf(object)),
  );
  const [name, objects = []] = elsewhere ?? [];
  const other = objects.find((candidate) => nameOf(candidate) === nameOf(object));
  if (other === undefined || isSame(object, other)) return;
  throw new GitopsError(
    `${app}: ${nameOf(object)} differs between ${name ?? ''} and ${environment} in more than image and replicas, which an overlay cannot take from the chart; make gitops/envs/*/${app}/settings.yaml the same, or leave ${app} with Helm`,
  );
}

function imageAndReplicas(objects: readonly KubeObject[]) {
  const workloads = objects.filter(isWorkload);
  const images = workloads.flatMap(({ spec }) =>
    spec.template.spec.containers.map(({ image }) => splitImage(image)),
  );
  return {
    images: images.map(({ name, tag, digest }) => ({
      name,
      ...(digest === undefined ? { newTag: tag } : { digest }),
    })),
    replicas: workloads.flatMap(({ metadata, spec: { replicas } }) =>
      // Without one, an autoscaler decides.
      replicas === undefined ? [] : [{ name: metadata.name, count: replicas }],
    ),
  };
}

function splitImage(image: string): {
  readonly name: string;
  readonly tag: string;
  readonly digest?: string;
} {
  const [reference = '', digest] = image.split('@');
  const colon = reference.lastIndexOf(':');
  return {
    name: reference.slice(0, colon),
    tag: reference.slice(colon + 1),
    ...(digest === undefined ? {} : { digest }),
  };
}

function isWorkload(object: KubeObject): object is Workload {
  return object.kind === 'Deployment';
}

function kustomization(content: object): string {
  return stringify({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', ...content });
}

function documents(objects: readonly KubeObject[]): string {
  return objects.map((object) => `---\n${stringify(object, { lineWidth: 0 })}`).join('');
}
