/** What the chart of an app hands to its process, held against the process's own schema of its variables. */
import { existsSync } from 'node:fs';
import { basename, resolve, join } from 'node:path';
import { resolveTool } from '@eda/helm';
import { ConfigError, loadConfig } from '@eda/service';
import { loadAppConfig, type AppConfig } from '../apps/app-config.ts';
import { environmentsFolder } from '../validate.ts';
import type { Finding } from '../finding.ts';
import { copyChart } from '../render/chart-copy.ts';
import type { KubeObject } from '../render/kube-object.ts';
import { renderChart } from '../render/render-chart.ts';
import { variantsOf } from '../render/variants.ts';

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: unknown;
}

interface Container {
  readonly env?: readonly Variable[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
}

/** Stands for what a Secret holds, in the form that the variable asks for. */
const FROM_SECRET: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgresql://user:secret@host:5432/db',
};

/** What only holds on a developer's machine. */
const LOOPBACK = /127\.0\.0\.1|localhost/;

/** Returns what is wrong between the chart of an app and the app, with each variant; nothing for other charts. */
export async function checkAppContract(folder: string, log: (line: string) => void): Promise<Finding[]> {
  const root = resolve(folder, '../..');
  const chart = basename(folder);
  if (!existsSync(join(root, 'apps', chart, 'src/config.ts'))) return [];
  const config = await loadAppConfig(root, chart);
  const helm = await resolveTool('helm', { log });
  const findings: Finding[] = [];
  using copy = copyChart(folder);
  for (const { name: variant, files } of variantsOf(folder, environmentsFolder(root))) {
    const { objects } = await renderChart({ helm, folder: copy.folder, values: files });
    for (const reason of objects.flatMap((object) => problemsOf(object, config)))
      findings.push({ chart, variant, ...reason });
  }
  return findings;
}

/** Returns what is wrong with the variables and the port of a Deployment. */
export function problemsOf(
  object: KubeObject,
  config: AppConfig,
): Pick<Finding, 'object' | 'path' | 'reason'>[] {
  if (object.kind !== 'Deployment') return [];
  const [container] = containersOf(object);
  const env = container?.env ?? [];
  const at = { object: `Deployment/${object.metadata.name}` };
  const known = config.properties;
  const unknown = env.filter(({ name }) => !(name in known));
  const local = Object.entries(known).filter(
    ([name, { default: value }]) =>
      typeof value === 'string' && LOOPBACK.test(value) && !env.some((variable) => variable.name === name),
  );
  const port = env.find(({ name }) => name === 'PORT')?.value;
  const open = container?.ports?.find(({ name }) => name === 'http')?.containerPort;
  return [
    ...unknown.map(({ name }) => ({
      ...at,
      path: name,
      reason: 'is no variable of the app; see its config.ts',
    })),
    ...local.map(([name, { default: value }]) => ({
      ...at,
      path: name,
      reason: `is not set, and its default ${String(value)} leads nowhere in a pod`,
    })),
    ...refusals(env, config).map((reason) => ({ ...at, reason: `the app would refuse to start: ${reason}` })),
    ...(port === String(open)
      ? []
      : [
          {
            ...at,
            path: 'PORT',
            reason: `is ${port ?? 'not set'}, the container's port http is ${open ?? 'not there'}`,
          },
        ]),
  ];
}

/** What the app itself says of these variables. */
function refusals(env: readonly Variable[], config: AppConfig): readonly string[] {
  const values = Object.fromEntries(
    env.map(({ name, value, valueFrom }) => [name, valueFrom === undefined ? value : FROM_SECRET[name]]),
  );
  try {
    loadConfig(config as unknown as Parameters<typeof loadConfig>[0], values);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function containersOf(object: KubeObject): readonly Container[] {
  const { spec } = object as unknown as {
    spec: { template: { spec: { containers: readonly Container[] } } };
  };
  return spec.template.spec.containers;
}
