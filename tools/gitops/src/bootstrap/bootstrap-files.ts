/** What gitops/bootstrap has from elsewhere: the values of Argo CD, the programs of its Job, and the Job. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Document, Scalar } from 'yaml';
import { readRootFile, ROOT_FILE } from '../adoption/root-file.ts';
import { GitopsError } from '../errors.ts';
import { readYaml } from '../read-yaml.ts';
import { SEALING } from '../sealing/sealing-keys.ts';

export const BOOTSTRAP = 'gitops/bootstrap';
const VALUES = 'gitops/platform/argocd';
const PROGRAMS = ['gitops/install/bootstrap.sh', 'gitops/install/preflight.sh'];
const TEMPLATE = 'gitops/install/job.yaml';
export const INVENTORY = 'gitops/root/values.yaml';

/** Returns the path of what Argo CD has in one environment besides the values of all. */
export function environmentSettings(environment: string): string {
  return `gitops/envs/${environment}/argocd/settings.yaml`;
}

/** Where the chart of Argo CD comes from. */
export interface ArgocdChart {
  readonly repoURL: string;
  readonly version: string;
}

/** The chart of Argo CD in the inventory of gitops/root, or what an environment has instead of it. */
interface Inventory {
  readonly applications?: { readonly argocd?: { readonly chart?: Partial<ArgocdChart> } };
}

/**
 * Returns the chart that the Application `argocd` has in the environment that the bootstrap is for, which is the one to begin with.
 * Throws a `GitopsError`.
 */
export function argocdChart(
  workspace: string,
  root: string = readFileSync(join(workspace, ROOT_FILE), 'utf8'),
): ArgocdChart {
  const chartIn = (file: string) =>
    (readYaml(workspace, file) as Inventory | null)?.applications?.argocd?.chart;
  const { environment } = readRootFile(root);
  const own = `gitops/root/values-${environment}.yaml`;
  if (!existsSync(join(workspace, own)))
    throw new GitopsError(
      `${ROOT_FILE}: there is no environment ${environment}; add ${own}, or correct the name.`,
    );
  const { repoURL, version } = { ...chartIn(INVENTORY), ...chartIn(own) };
  if (repoURL === undefined || version === undefined) {
    throw new GitopsError(`${INVENTORY}: applications.argocd.chart needs repoURL and version.`);
  }
  return { repoURL, version };
}

/**
 * Returns the generated files of gitops/bootstrap with what they contain. `fresh` has files that are generated too and count instead of
 * those on disk. Throws a `GitopsError`.
 */
export function bootstrapFiles(
  workspace: string,
  fresh: ReadonlyMap<string, string> = new Map(),
): [file: string, content: string][] {
  const read = (file: string) => fresh.get(file) ?? readFileSync(join(workspace, file), 'utf8');
  const { environment } = readRootFile(read(ROOT_FILE));
  const values = new Map(valueFiles(workspace, environment, fresh).map((file) => [file, read(file)]));
  const programs = new Map([...PROGRAMS, ...certificates(workspace)].map((file) => [file, read(file)]));
  const template = read(TEMPLATE);
  const chart = argocdChart(workspace, read(ROOT_FILE));
  const content = shortHash([
    ...values,
    ...programs,
    [ROOT_FILE, read(ROOT_FILE)],
    [TEMPLATE, template],
    chart,
  ]);
  return [
    [
      `${BOOTSTRAP}/20-argocd-values.yaml`,
      `${generatedFrom([...values.keys()].join(', '))}${configMap('argocd-bootstrap-values', values)}`,
    ],
    [
      `${BOOTSTRAP}/40-job.yaml`,
      `${generatedFrom('gitops/install')}${configMap('argocd-bootstrap-install', programs)}---\n${filledIn(template, chart, content)}`,
    ],
  ];
}

function valueFiles(workspace: string, environment: string, fresh: ReadonlyMap<string, string>): string[] {
  const folder = join(workspace, VALUES);
  const onDisk = existsSync(folder) ? readdirSync(folder).map((name) => `${VALUES}/${name}`) : [];
  const all = new Set([...onDisk, ...fresh.keys()].filter((file) => file.startsWith(`${VALUES}/`)));
  const own = environmentSettings(environment);
  return [
    ...[...all].filter((file) => file.endsWith('.yaml')).sort(),
    ...(existsSync(join(workspace, own)) ? [own] : []),
  ];
}

/** What preflight.sh asks the cluster for the keys of. */
function certificates(workspace: string): string[] {
  const folder = join(workspace, SEALING);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => name.endsWith('.crt'))
    .sort()
    .map((name) => `${SEALING}/${name}`);
}

function shortHash(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 8);
}

const generatedFrom = (from: string) => `# Generated from ${from} by \`npm run gitops -- generate\`.\n`;

function configMap(name: string, files: ReadonlyMap<string, string>): string {
  const document = new Document({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace: 'argocd',
      labels: {
        'app.kubernetes.io/name': 'argocd-bootstrap',
        'app.kubernetes.io/part-of': 'eda-blueprint',
      },
    },
    data: Object.fromEntries([...files].map(([file, text]) => [basename(file), literal(text)])),
  });
  return document.toString({ lineWidth: 0, singleQuote: true });
}

function literal(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = 'BLOCK_LITERAL';
  return scalar;
}

function filledIn(template: string, chart: ArgocdChart, content: string): string {
  const values: Record<string, string> = {
    job: `argocd-bootstrap-${chart.version.replaceAll('.', '-')}-${content}`,
    content,
    chartRepository: chart.repoURL,
    chartVersion: chart.version,
  };
  return template
    .replace(/^(#.*\n)+/, '')
    .replaceAll(/\$(\w+)/g, (placeholder, name: string) => values[name] ?? placeholder);
}
