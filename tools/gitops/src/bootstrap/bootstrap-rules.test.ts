import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { bootstrapFiles } from './bootstrap-files.ts';
import { bootstrapFindings } from './bootstrap-rules.ts';

const WORKSPACE = resolve(import.meta.dirname, '../../../..');
const copies: string[] = [];

afterEach(() => {
  for (const copy of copies.splice(0)) rmSync(copy, { recursive: true, force: true });
});

/** A copy of gitops/ to break. */
function aCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'gitops-'));
  copies.push(copy);
  cpSync(join(WORKSPACE, 'gitops'), join(copy, 'gitops'), { recursive: true });
  return copy;
}

function edit(copy: string, file: string, from: string | RegExp, to: string): void {
  const path = join(copy, 'gitops', file);
  const before = readFileSync(path, 'utf8');
  const after = before.replace(from, to);
  expect(after, `${file} has ${String(from)}`).not.toBe(before);
  writeFileSync(path, after);
}

function generate(copy: string): void {
  for (const [file, content] of bootstrapFiles(copy)) writeFileSync(join(copy, file), content);
}

const put = (copy: string, file: string, text: string) => writeFileSync(join(copy, 'gitops', file), text);

test('gitops/bootstrap can be applied to an empty cluster', () => {
  expect(bootstrapFindings(WORKSPACE)).toEqual([]);
});

interface Broken {
  readonly name: string;
  readonly breakIt: (copy: string) => void;
  readonly finding: RegExp;
}

const brokenFolders: Broken[] = [
  {
    name: 'a kustomization',
    breakIt: (copy) => put(copy, 'bootstrap/kustomization.yaml', 'resources: [00-namespace.yaml]\n'),
    finding: /^kustomization.yaml: only numbered manifests may be in/,
  },
  {
    name: 'a folder',
    breakIt: (copy) => mkdirSync(join(copy, 'gitops/bootstrap/50-more')),
    finding: /^50-more: only numbered manifests may be in/,
  },
  {
    name: 'something before the namespace',
    breakIt: (copy) =>
      put(copy, 'bootstrap/00-first.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n'),
    finding: /^00-first.yaml: the first object has to be the Namespace/,
  },
  {
    name: 'a kind that only Argo CD brings',
    breakIt: (copy) =>
      put(
        copy,
        'bootstrap/50-more.yaml',
        'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: root }\n',
      ),
    finding: /^50-more.yaml: Application root: an empty cluster does not know argoproj.io\/v1alpha1/,
  },
  {
    name: 'values that are too large',
    breakIt: (copy) => {
      put(copy, 'platform/argocd/values.yaml', `# ${'x'.repeat(262_144)}\n`);
      generate(copy);
    },
    finding:
      /^20-argocd-values.yaml: ConfigMap argocd-bootstrap-values: \d+ bytes are too many for kubectl apply/,
  },
  {
    name: 'a hook',
    breakIt: (copy) =>
      edit(
        copy,
        'bootstrap/40-job.yaml',
        /^ {2}name: argocd-bootstrap-(?=\d)/m,
        '  annotations: { argocd.argoproj.io/hook: PreSync }\n  name: argocd-bootstrap-',
      ),
    finding: /^40-job.yaml: Job .*: nobody is there yet to follow the hook argocd.argoproj.io\/hook/,
  },
  {
    name: 'a program that changed without its Job',
    breakIt: (copy) => edit(copy, 'install/bootstrap.sh', '--timeout 10m', '--timeout 20m'),
    finding: /^40-job.yaml: the Job of this content is argocd-bootstrap-\S+, not argocd-bootstrap-\S+/,
  },
  {
    name: 'a root application that changed without its Job',
    breakIt: (copy) => edit(copy, 'bootstrap/30-root.yaml', 'targetRevision: main', 'targetRevision: other'),
    finding: /^40-job.yaml: the Job of this content is/,
  },
  ...[
    ['ttlSecondsAfterFinished: 600', 'the Job needs ttlSecondsAfterFinished'],
    ['activeDeadlineSeconds: 3600', 'the Job needs activeDeadlineSeconds'],
    ['restartPolicy: OnFailure', 'the restartPolicy of the Job has to be OnFailure'],
    [/@sha256:\w+/, 'the image docker.io/alpine/k8s:\\S+ needs tag and digest'],
    [/(?<=alpine\/k8s):[\d.]+/, 'the image docker.io/alpine/k8s@\\S+ needs tag and digest'],
  ].map(([setting = '', finding]) => ({
    name: `a Job without ${String(setting)}`,
    breakIt: (copy: string) => {
      edit(copy, 'install/job.yaml', setting, '');
      generate(copy);
    },
    finding: new RegExp(`^40-job.yaml: ${String(finding)}`),
  })),
  ...[
    ['runAsNonRoot: true', 'runAsNonRoot: false', 'runAsNonRoot'],
    [
      'seccompProfile: { type: RuntimeDefault }',
      'seccompProfile: { type: Unconfined }',
      'seccompProfile RuntimeDefault',
    ],
    ['allowPrivilegeEscalation: false', 'allowPrivilegeEscalation: true', 'allowPrivilegeEscalation false'],
    ['readOnlyRootFilesystem: true', 'readOnlyRootFilesystem: false', 'readOnlyRootFilesystem'],
    ['drop: [ALL]', 'drop: [NET_RAW]', 'capabilities dropped'],
  ].map(([from = '', to = '', needs = '']) => ({
    name: `a pod with ${to}`,
    breakIt: (copy: string) => {
      edit(copy, 'install/job.yaml', from, to);
      generate(copy);
    },
    finding: new RegExp(`^40-job.yaml: the pod of the Job needs ${needs}$`),
  })),
  {
    name: 'rights that are lent twice',
    breakIt: (copy) =>
      edit(
        copy,
        'bootstrap/10-rbac.yaml',
        'kind: ClusterRole, name: argocd-bootstrap-return',
        'kind: ClusterRole, name: cluster-admin',
      ),
    finding: /^10-rbac.yaml: there has to be one binding to cluster-admin, and there are 2$/,
  },
  {
    name: 'rights that are not given back',
    breakIt: (copy) => {
      edit(
        copy,
        'install/bootstrap.sh',
        'delete clusterrolebinding argocd-bootstrap ',
        'delete clusterrolebinding argocd ',
      );
      generate(copy);
    },
    finding:
      /^40-job.yaml: the program has to remove the ClusterRoleBinding argocd-bootstrap, and removes argocd$/,
  },
  {
    name: 'a right that stays, to remove any binding',
    breakIt: (copy) => edit(copy, 'bootstrap/10-rbac.yaml', '    resourceNames: [argocd-bootstrap]\n', ''),
    finding:
      /^10-rbac.yaml: ClusterRole argocd-bootstrap-return: get, delete of clusterrolebindings needs resourceNames: it stays after the bootstrap$/,
  },
  {
    name: 'a right that stays, to remove another binding',
    breakIt: (copy) =>
      edit(
        copy,
        'bootstrap/10-rbac.yaml',
        'resourceNames: [argocd-bootstrap]',
        'resourceNames: [cluster-admin]',
      ),
    finding:
      /^10-rbac.yaml: ClusterRole argocd-bootstrap-return: clusterrolebindings has to name argocd-bootstrap only$/,
  },
  {
    name: 'a right that stays, to remove any Job',
    breakIt: (copy) => {
      edit(copy, 'install/job.yaml', '    resourceNames: [$job]\n', '');
      generate(copy);
    },
    finding:
      /^40-job.yaml: Role argocd-bootstrap: delete of jobs needs resourceNames: it stays after the bootstrap$/,
  },
  ...['--force-conflicts', '--wait=watcher'].map((option) => ({
    name: `helm without ${option}`,
    breakIt: (copy: string) => {
      edit(copy, 'install/bootstrap.sh', ` ${option} `, ' ');
      generate(copy);
    },
    finding: new RegExp(`^40-job.yaml: helm needs ${option}`),
  })),
  {
    name: 'releases of an interrupted helm that stay',
    breakIt: (copy) => {
      edit(copy, 'install/bootstrap.sh', /.*status in \(pending-install.*\n/, '');
      generate(copy);
    },
    finding: /^40-job.yaml: releases that an interrupted helm left have to go before helm/,
  },
  {
    name: 'another version of Argo CD than its Application has',
    breakIt: (copy) => edit(copy, 'root/values.yaml', /(?<=name: argo-cd, version: )[\d.]+/, '11.0.0'),
    finding: /^40-job.yaml: CHART_VERSION is \S+, and 11.0.0 in gitops[/]root/,
  },
  {
    name: 'another version of Argo CD than the environment of the bootstrap has',
    breakIt: (copy) =>
      edit(
        copy,
        'root/values-dev.yaml',
        'confirmDeletion: false',
        'confirmDeletion: false\napplications:\n  argocd: { chart: { version: 11.0.0 } }',
      ),
    finding: /^40-job.yaml: CHART_VERSION is \S+, and 11.0.0 in gitops[/]root/,
  },
  {
    name: 'values that the Application argocd does not have',
    breakIt: (copy) => edit(copy, 'platform/argocd/values.yaml', '20s', '60s'),
    finding: /^20-argocd-values.yaml: values.yaml is not the one of the Application argocd/,
  },
  {
    name: 'settings of the environment of the bootstrap that came after it was generated',
    breakIt: (copy) => {
      mkdirSync(join(copy, 'gitops/envs/dev/argocd'));
      put(copy, 'envs/dev/argocd/settings.yaml', 'global: { domain: argocd.dev.example.org }\n');
    },
    finding: /^20-argocd-values.yaml: settings.yaml is not the one of the Application argocd/,
  },
  {
    name: 'a values file that the Application argocd does not read',
    breakIt: (copy) => {
      put(copy, 'platform/argocd/more.yaml', 'a: 1\n');
      generate(copy);
    },
    finding: /^20-argocd-values.yaml: the Application argocd does not read more.yaml/,
  },
];

test.each(brokenFolders)('$name is found', ({ breakIt, finding }) => {
  const copy = aCopy();
  breakIt(copy);
  expect(bootstrapFindings(copy)).toContainEqual(expect.stringMatching(finding));
});

test('settings that the environment of the bootstrap has for Argo CD are installed with it', () => {
  const copy = aCopy();
  const settings = 'global: { domain: argocd.dev.example.org }\n';
  mkdirSync(join(copy, 'gitops/envs/dev/argocd'));
  put(copy, 'envs/dev/argocd/settings.yaml', settings);
  generate(copy);
  expect(bootstrapFindings(copy)).toEqual([]);
  expect(readFileSync(join(copy, 'gitops/bootstrap/20-argocd-values.yaml'), 'utf8')).toContain(
    `settings.yaml: |\n    ${settings}`,
  );
});
