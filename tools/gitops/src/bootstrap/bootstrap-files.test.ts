import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { argocdChart, bootstrapFiles } from './bootstrap-files.ts';

const WORKSPACE = resolve(import.meta.dirname, '../../../..');

interface Document {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
}

function objectsOf(files: [string, string][]): Document[] {
  return files.flatMap(([, text]) => parseAllDocuments(text).map((document) => document.toJS() as Document));
}

const jobOf = (files: [string, string][]) =>
  objectsOf(files).find(({ kind }) => kind === 'Job')?.metadata.name;

test('the same content is the same Job, and other content another', () => {
  const values = new Map([['gitops/platform/argocd/health.generated.yaml', 'configs: {}\n']]);
  expect(jobOf(bootstrapFiles(WORKSPACE))).toBe(jobOf(bootstrapFiles(WORKSPACE)));
  expect(jobOf(bootstrapFiles(WORKSPACE, values))).not.toBe(jobOf(bootstrapFiles(WORKSPACE)));
});

test('values that are generated too are taken as they will be', () => {
  const fresh = 'configs: { cm: { some: health } }\n';
  const files = bootstrapFiles(WORKSPACE, new Map([['gitops/platform/argocd/health.generated.yaml', fresh]]));
  const values = objectsOf(files).find(({ metadata }) => metadata.name === 'argocd-bootstrap-values');
  expect(values?.data?.['health.generated.yaml']).toBe(fresh);
});

test('another environment has its own version of Argo CD', () => {
  const root = readFileSync(join(WORKSPACE, 'gitops/bootstrap/30-root.yaml'), 'utf8');
  expect(argocdChart(WORKSPACE, root)).toEqual(argocdChart(WORKSPACE));
  expect(() => argocdChart(WORKSPACE, root.replace('values-dev', 'values-nowhere'))).toThrow(
    'gitops/bootstrap/30-root.yaml: there is no environment nowhere; add gitops/root/values-nowhere.yaml, or correct the name.',
  );
});

test('the Role lets the Job remove itself and no other', () => {
  const files = bootstrapFiles(WORKSPACE);
  const role = objectsOf(files).find(({ kind }) => kind === 'Role');
  expect(role).toHaveProperty(
    'rules',
    expect.arrayContaining([
      expect.objectContaining({ verbs: ['delete'], resources: ['jobs'], resourceNames: [jobOf(files)] }),
    ]),
  );
});

test('a workspace without a chart for Argo CD is told what is missing', () => {
  const copy = mkdtempSync(join(tmpdir(), 'gitops-'));
  try {
    cpSync(join(WORKSPACE, 'gitops'), join(copy, 'gitops'), { recursive: true });
    cpSync(join(WORKSPACE, 'gitops/root/values-prod.yaml'), join(copy, 'gitops/root/values.yaml'));
    expect(() => bootstrapFiles(copy)).toThrow('applications.argocd.chart needs repoURL and version');
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});

test.each(['bootstrap.sh', 'preflight.sh'])('%s is a program of any POSIX shell', (program) => {
  const { status, stderr } = spawnSync('sh', ['-n', join(WORKSPACE, 'gitops/install', program)]);
  expect(stderr.toString()).toBe('');
  expect(status).toBe(0);
});

test('what programs say fits into JSON, whatever they say', () => {
  const program = readFileSync(join(WORKSPACE, 'gitops/install/bootstrap.sh'), 'utf8');
  const json = /^json\(\) .*$/m.exec(program)?.[0] ?? '';
  const input = 'Get "https://a": C:\\b \\"q\\"\ttab\r\n\u001b[31mred';
  const { stdout } = spawnSync('sh', ['-c', `${json}\njson`], { input, encoding: 'utf8' });
  expect(JSON.parse(`"${stdout}"`)).toBe('Get "https://a": C:\\b \\"q\\" tab\n[31mred');
});
