/** What must hold for gitops/bootstrap, so that one `kubectl apply` of it works on an empty cluster. */
import type { KubeObject } from '@eda/charts';
import { type Dirent, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { readRootFile, ROOT_FILE } from '../adoption/root-file.ts';
import { readYaml } from '../read-yaml.ts';
import { argocdChart, BOOTSTRAP, bootstrapFiles, environmentSettings, INVENTORY } from './bootstrap-files.ts';

/** Kubernetes has no room for more in the annotation in which client-side apply keeps what was applied. */
const MAX_BYTES = 262_144;

/** Groups of kinds that every cluster has. */
const BUILT_IN = ['v1', 'batch/v1', 'rbac.authorization.k8s.io/v1'];

interface Found {
  readonly file: string;
  readonly object: KubeObject;
}

/** Returns what is wrong with gitops/bootstrap, as sentences that begin with the file. */
export function bootstrapFindings(workspace: string): string[] {
  const entries = readdirSync(join(workspace, BOOTSTRAP), { withFileTypes: true });
  const objects = entries.filter(isManifest).flatMap((entry) => objectsIn(workspace, entry.name));
  return [
    ...folderFindings(entries),
    ...objectFindings(objects),
    ...jobFindings(workspace, objects),
    ...argocdFindings(workspace, objects),
  ];
}

const isManifest = (entry: Dirent) => entry.isFile() && /^\d\d-[a-z-]+\.yaml$/.test(entry.name);

function objectsIn(workspace: string, name: string): Found[] {
  const text = readFileSync(join(workspace, BOOTSTRAP, name), 'utf8');
  return parseAllDocuments(text).map((document) => ({ file: name, object: document.toJS() as KubeObject }));
}

/** `kubectl apply -f` takes a folder's files by name, without its subfolders, and stops at what is no manifest. */
function folderFindings(entries: readonly Dirent[]): string[] {
  return entries
    .filter((entry) => !isManifest(entry))
    .map(({ name }) => `${name}: only numbered manifests may be in ${BOOTSTRAP}`);
}

function objectFindings(objects: readonly Found[]): string[] {
  const findings: string[] = [];
  const [first] = objects;
  if (first?.object.kind !== 'Namespace') {
    findings.push(`${first?.file ?? BOOTSTRAP}: the first object has to be the Namespace of the others`);
  }
  for (const { file, object } of objects) {
    const name = `${file}: ${object.kind} ${object.metadata.name}`;
    if (!BUILT_IN.includes(object.apiVersion)) {
      findings.push(`${name}: an empty cluster does not know ${object.apiVersion}`);
    }
    const bytes = Buffer.byteLength(JSON.stringify(object));
    if (bytes >= MAX_BYTES) findings.push(`${name}: ${bytes} bytes are too many for kubectl apply`);
    for (const annotation of Object.keys(object.metadata.annotations ?? {})) {
      if (/^(argocd\.argoproj\.io\/hook|helm\.sh\/hook)/.test(annotation)) {
        findings.push(`${name}: nobody is there yet to follow the hook ${annotation}`);
      }
    }
  }
  return findings;
}

interface Job {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly ttlSecondsAfterFinished?: number;
    readonly activeDeadlineSeconds?: number;
    readonly template: {
      readonly spec: {
        readonly restartPolicy?: string;
        readonly securityContext?: {
          readonly runAsNonRoot?: boolean;
          readonly seccompProfile?: { readonly type: string };
        };
        readonly containers: readonly {
          readonly image: string;
          readonly securityContext?: {
            readonly allowPrivilegeEscalation?: boolean;
            readonly readOnlyRootFilesystem?: boolean;
            readonly capabilities?: { readonly drop?: readonly string[] };
          };
          readonly env: readonly { readonly name: string; readonly value?: string }[];
        }[];
      };
    };
  };
}

function jobOf(objects: readonly Found[]): Job | undefined {
  return objects.find(({ object }) => object.kind === 'Job')?.object as unknown as Job | undefined;
}

function jobFindings(workspace: string, objects: readonly Found[]): string[] {
  const job = jobOf(objects);
  if (job === undefined) return [`${BOOTSTRAP}: there is no Job`];
  const findings: string[] = [];
  const wrong = (what: string) => findings.push(`40-job.yaml: ${what}`);
  const { ttlSecondsAfterFinished, activeDeadlineSeconds, template } = job.spec;
  const expected = expectedJob(workspace);
  if (job.metadata.name !== expected) {
    wrong(`the Job of this content is ${expected}, not ${job.metadata.name} (npm run generate)`);
  }
  if (ttlSecondsAfterFinished === undefined) wrong('the Job needs ttlSecondsAfterFinished');
  if (activeDeadlineSeconds === undefined) wrong('the Job needs activeDeadlineSeconds');
  if (template.spec.restartPolicy !== 'OnFailure') wrong('the restartPolicy of the Job has to be OnFailure');
  for (const { image } of template.spec.containers) {
    if (!/:[^@]+@sha256:[0-9a-f]{64}$/.test(image)) wrong(`the image ${image} needs tag and digest`);
  }
  const script = dataOf(objects, 'argocd-bootstrap-install')['bootstrap.sh'] ?? '';
  const install = script.indexOf('helm upgrade --install');
  // The command with the lines that it goes on to.
  const [helm = ''] = /helm upgrade --install(.*\\\n)*.*/.exec(script) ?? [];
  for (const option of ['--force-conflicts', '--wait=watcher']) {
    if (!helm.split(/\s+/).includes(option)) wrong(`helm needs ${option}`);
  }
  const unblock = script.indexOf('status in (pending-install,pending-upgrade,pending-rollback');
  if (unblock < 0 || unblock > install)
    wrong('releases that an interrupted helm left have to go before helm');
  findings.push(...podFindings(template.spec), ...rightsFindings(objects, script));
  return findings;
}

/** What the namespace asks of the pod, and besides: it has the rights of the whole cluster for a while. */
function podFindings({ securityContext, containers }: Job['spec']['template']['spec']): string[] {
  const needed = [
    [securityContext?.runAsNonRoot === true, 'runAsNonRoot'],
    [securityContext?.seccompProfile?.type === 'RuntimeDefault', 'seccompProfile RuntimeDefault'],
    ...containers.flatMap(({ securityContext: own }) => [
      [own?.allowPrivilegeEscalation === false, 'allowPrivilegeEscalation false'],
      [own?.readOnlyRootFilesystem === true, 'readOnlyRootFilesystem'],
      [own?.capabilities?.drop?.includes('ALL') === true, 'capabilities dropped'],
    ]),
  ] as const;
  return needed.flatMap(([has, what]) =>
    has ? [] : [`40-job.yaml: the pod of the Job needs ${String(what)}`],
  );
}

/** One binding lends the whole cluster, the program removes that one, and what stays is for that one only. */
function rightsFindings(objects: readonly Found[], script: string): string[] {
  const findings: string[] = [];
  const lent = objects
    .filter(({ object }) => object.kind === 'ClusterRoleBinding' && roleOf(object) === 'cluster-admin')
    .map(({ object }) => object.metadata.name);
  const [binding, ...more] = lent;
  if (binding === undefined || more.length > 0)
    return [`10-rbac.yaml: there has to be one binding to cluster-admin, and there are ${lent.length}`];
  const removed = /kubectl delete clusterrolebinding (\S+)/.exec(script)?.[1];
  if (removed !== binding)
    findings.push(
      `40-job.yaml: the program has to remove the ClusterRoleBinding ${binding}, and removes ${removed ?? 'none'}`,
    );
  for (const { file, object } of objects) {
    for (const { resources, resourceNames, verbs } of (object as { rules?: readonly Rule[] }).rules ?? []) {
      const changes = verbs.filter((verb) => !['get', 'list', 'create'].includes(verb));
      const isEverything = [...resources, ...verbs].includes('*');
      if (isEverything || (changes.length > 0 && resourceNames === undefined))
        findings.push(
          `${file}: ${object.kind} ${object.metadata.name}: ${verbs.join(', ')} of ${resources.join(', ')} needs resourceNames: it stays after the bootstrap`,
        );
      if (resources.includes('clusterrolebindings') && resourceNames?.join() !== binding)
        findings.push(
          `${file}: ${object.kind} ${object.metadata.name}: clusterrolebindings has to name ${binding} only`,
        );
    }
  }
  return findings;
}

interface Rule {
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const roleOf = (object: KubeObject) => (object as { roleRef?: { name: string } }).roleRef?.name;

function expectedJob(workspace: string): string | undefined {
  const [, text] = bootstrapFiles(workspace).find(([file]) => file.endsWith('40-job.yaml')) ?? [];
  const objects = parseAllDocuments(text ?? '').map((document) => document.toJS() as KubeObject);
  return objects.find(({ kind }) => kind === 'Job')?.metadata.name;
}

function dataOf(objects: readonly Found[], name: string): Partial<Record<string, string>> {
  const map = objects.find(({ object }) => object.kind === 'ConfigMap' && object.metadata.name === name);
  return (map?.object as { data?: Record<string, string> } | undefined)?.data ?? {};
}

interface Inventory {
  readonly applications: { readonly argocd: { readonly valueFiles?: readonly string[] } };
}

/** What is installed first has to be what the Application `argocd` wants, or Argo CD restarts while it syncs. */
function argocdFindings(workspace: string, objects: readonly Found[]): string[] {
  const findings: string[] = [];
  const { valueFiles = [] } = (readYaml(workspace, INVENTORY) as Inventory).applications.argocd;
  const chart = argocdChart(workspace);
  const env = jobOf(objects)?.spec.template.spec.containers[0]?.env ?? [];
  const given = (variable: string) => env.find(({ name }) => name === variable)?.value;
  for (const [variable, value] of [
    ['CHART_REPOSITORY', chart.repoURL],
    ['CHART_VERSION', chart.version],
  ] as const) {
    if (given(variable) !== value) {
      findings.push(`40-job.yaml: ${variable} is ${given(variable)}, and ${value} in gitops/root`);
    }
  }
  const data = dataOf(objects, 'argocd-bootstrap-values');
  const { environment } = readRootFile(readFileSync(join(workspace, ROOT_FILE), 'utf8'));
  const wanted = new Map(
    [
      ...['values.yaml', ...valueFiles].map((name) => `gitops/platform/argocd/${name}`),
      environmentSettings(environment),
    ].map((file) => [basename(file), join(workspace, file)]),
  );
  for (const [name, path] of wanted) {
    // What is missing, the Application passes over too.
    if (data[name] !== (existsSync(path) ? readFileSync(path, 'utf8') : undefined)) {
      findings.push(`20-argocd-values.yaml: ${name} is not the one of the Application argocd`);
    }
  }
  for (const name of Object.keys(data)) {
    if (!wanted.has(name)) {
      findings.push(`20-argocd-values.yaml: the Application argocd does not read ${name}`);
    }
  }
  return findings;
}
