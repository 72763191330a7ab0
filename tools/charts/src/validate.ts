/** All that is checked about what a chart renders to. */
import { basename, join } from 'node:path';
import type { Finding } from './finding.ts';
import { type Exception, excepts, EXCEPTIONS_FILE, readExceptions } from './policies/exceptions.ts';
import { POLICIES } from './policies/index.ts';
import { copyChart, readChartFile } from './render/chart-copy.ts';
import { firstDifference, firstDifferentLine } from './render/difference.ts';
import { forbiddenCalls } from './render/forbidden-functions.ts';
import { type KubeObject, nameOf } from './render/kube-object.ts';
import { type Render, renderChart, RenderError } from './render/render-chart.ts';
import { type Variant, variantsOf } from './render/variants.ts';
import { checkSchemas, type SchemaViolation } from './schemas/kubeconform.ts';
import type { SchemaFolders } from './schemas/schema-cache.ts';

export interface ValidationTools {
  readonly helm: string;
  /** Helm 3, for people who install with it and because helm-unittest renders with it. */
  readonly helm3: string;
  readonly kubeconform: string;
  readonly schemas: SchemaFolders;
}

export interface ValidateOptions {
  readonly tools: ValidationTools;
  /** gitops/envs, when there is one. */
  readonly environments?: string;
  /** Told of each variant as soon as it has been checked. */
  readonly onVariant?: (outcome: VariantOutcome) => void;
}

export interface VariantOutcome {
  readonly chart: string;
  readonly variant: string;
  readonly objects: number;
  readonly findings: readonly Finding[];
}

/** Returns what is wrong with the chart in `folder`: with itself, and with what it renders to with each of its variants. */
export async function validateChart(
  folder: string,
  { tools, environments, onVariant = () => undefined }: ValidateOptions,
): Promise<Finding[]> {
  const chart = basename(folder);
  const findings: Finding[] = forbiddenCalls(folder).map(({ place, reason }) => ({
    chart,
    object: place,
    reason,
  }));
  const { type, kubeVersion } = readChartFile(folder);
  if (type === 'library') return findings;

  const supported = oldestSupported(tools.schemas);
  if (kubeVersion !== supported) {
    findings.push({
      chart,
      object: 'Chart.yaml',
      path: 'kubeVersion',
      reason: `is ${kubeVersion ?? 'missing'}, and charts are checked from ${supported} on; write that`,
    });
  }

  const variants = variantsOf(folder, environments);
  if (!variants.some(({ name }) => name === 'default')) {
    findings.push({
      chart,
      object: 'ci/default-values.yaml',
      reason: 'is missing; add it with {} for the defaults',
    });
  }
  const { exceptions, problems } = readExceptions(
    folder,
    POLICIES.map(({ name }) => name),
  );
  findings.push(...problems.map((problem) => ({ chart, object: EXCEPTIONS_FILE, ...problem })));

  const used = new Set<Exception>();
  using copy = copyChart(folder);
  for (const variant of variants) {
    const { objects, findings: found } = await checkVariant(copy.folder, variant, tools);
    const left = found.filter(({ policy, object }) => {
      const exception = exceptions.find((one) => policy !== undefined && excepts(one, policy, object));
      if (exception !== undefined) used.add(exception);
      return exception === undefined;
    });
    const own = left.map(({ object, path, reason, policy }) => ({
      chart,
      variant: variant.name,
      ...(object === '' ? {} : { object }),
      ...(path === undefined ? {} : { path }),
      reason,
      ...(policy === undefined ? {} : { policy }),
    }));
    findings.push(...own);
    onVariant({ chart, variant: variant.name, objects, findings: own });
  }
  return [...findings, ...unused(chart, exceptions, used)];
}

/** From the oldest release that there are schemas of, its previews included. */
function oldestSupported({ kubernetes }: SchemaFolders): string {
  const [oldest = ''] = kubernetes.keys();
  return `>=${oldest.split('.').slice(0, 2).join('.')}.0-0`;
}

function unused(chart: string, exceptions: readonly Exception[], used: ReadonlySet<Exception>): Finding[] {
  return exceptions
    .filter((exception) => !used.has(exception))
    .map(({ policy, object }) => ({
      chart,
      object: EXCEPTIONS_FILE,
      reason: `nothing is excepted from ${policy} for ${object}; remove it`,
    }));
}

interface Found {
  /** Of the policy that found it; absent for what has no exceptions. */
  readonly policy?: string;
  /** Empty when it is about the render as a whole. */
  readonly object: string;
  readonly path?: string;
  readonly reason: string;
}

async function checkVariant(
  folder: string,
  { files }: Variant,
  tools: ValidationTools,
): Promise<{ readonly objects: number; readonly findings: readonly Found[] }> {
  const releases = [...tools.schemas.kubernetes.keys()];
  const render = (helm: string, kubernetes: string) =>
    renderChart({ helm, folder, values: files, kubernetes });
  try {
    const renders = await Promise.all(releases.map((kubernetes) => render(tools.helm, kubernetes)));
    const newest = renders.at(-1) as Render;
    const kubernetes = releases.at(-1) as string;
    const [again, byHelm3] = [await render(tools.helm, kubernetes), await render(tools.helm3, kubernetes)];
    return {
      objects: newest.objects.length,
      findings: [
        ...sameAgain(newest, again),
        ...sameByHelm3(newest, byHelm3),
        ...twice(newest.objects),
        ...(await againstSchemas(releases, renders, tools)),
        ...againstPolicies(renders),
      ],
    };
  } catch (error) {
    if (!(error instanceof RenderError)) throw error;
    const { message } = error;
    const chart = `${basename(folder)}: `;
    return {
      objects: 0,
      findings: [{ object: '', reason: message.startsWith(chart) ? message.slice(chart.length) : message }],
    };
  }
}

function sameAgain(one: Render, other: Render): Found[] {
  const difference = firstDifferentLine(one.manifest, other.manifest);
  if (difference === undefined) return [];
  const [before, after] = difference.texts;
  return [
    {
      object: '',
      reason: `a second render is not the same: line ${difference.line} is "${before}", then "${after}"; remove what is random`,
    },
  ];
}

function sameByHelm3({ objects }: Render, other: Render): Found[] {
  const difference = firstDifference(objects, other.objects, ['Helm 4', 'Helm 3']);
  return difference === undefined
    ? []
    : [{ ...difference, reason: `${difference.reason}; write it so that both agree` }];
}

function twice(objects: readonly KubeObject[]): Found[] {
  const seen = new Set<string>();
  return objects.flatMap((object) => {
    const address = [object.apiVersion, object.kind, object.metadata.namespace, object.metadata.name].join(
      ' ',
    );
    if (!seen.has(address)) {
      seen.add(address);
      return [];
    }
    return [
      { object: nameOf(object), reason: 'is rendered twice, and the later one wins; give one another name' },
    ];
  });
}

/** What holds for one release of Kubernetes only says so. */
async function againstSchemas(
  releases: readonly string[],
  renders: readonly Render[],
  { kubeconform, schemas }: ValidationTools,
): Promise<Found[]> {
  const found = new Map<string, { readonly violation: SchemaViolation; readonly on: string[] }>();
  for (const [index, kubernetes] of releases.entries()) {
    const { manifest } = renders[index] as Render;
    for (const violation of await checkSchemas(manifest, { kubeconform, schemas, kubernetes })) {
      const key = JSON.stringify(violation);
      const entry = found.get(key) ?? { violation, on: [] };
      entry.on.push(kubernetes);
      found.set(key, entry);
    }
  }
  return [...found.values()].map(({ violation, on }) => ({
    ...violation,
    reason:
      on.length === releases.length ? violation.reason : `${violation.reason} (Kubernetes ${on.join(', ')})`,
  }));
}

function againstPolicies(renders: readonly Render[]): Found[] {
  const found = new Map<string, Found>();
  for (const render of renders) {
    for (const { name: policy, check } of POLICIES) {
      for (const { object, path, reason } of check(render)) {
        const one = { policy, object: nameOf(object), ...(path === undefined ? {} : { path }), reason };
        found.set(JSON.stringify(one), one);
      }
    }
  }
  return [...found.values()];
}

/** The folder with what each environment sets, below the workspace. */
export function environmentsFolder(workspace: string): string {
  return join(workspace, 'gitops/envs');
}
