/** Renders a chart with Helm and reads what comes out. */
import { basename } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ChartError } from '../errors.ts';
import { runProgram } from '../run-program.ts';
import type { KubeObject } from './kube-object.ts';
import { explainRenderError } from './render-error.ts';

export interface RenderOptions {
  readonly helm: string;
  /** A chart whose dependencies stand in its charts/, such as `copyChart` makes. */
  readonly folder: string;
  readonly values?: readonly string[];
  /** Single values, which come last and are strings whatever they look like. */
  readonly strings?: Readonly<Record<string, string>>;
  /** The release of Kubernetes that the templates are told. */
  readonly kubernetes?: string;
  readonly namespace?: string;
  readonly release?: string;
}

export interface Render {
  readonly chart: string;
  readonly release: string;
  readonly namespace: string;
  /** What Helm wrote. */
  readonly manifest: string;
  readonly objects: readonly KubeObject[];
}

/** A chart does not render; the message is one line: chart, key, reason. */
export class RenderError extends ChartError {}

/** A namespace that no chart can name by itself. */
export const RENDER_NAMESPACE = 'some-namespace';

/** Returns what the chart renders to. Throws a `RenderError` when Helm or the chart refuses the values. */
export async function renderChart(options: RenderOptions): Promise<Render> {
  const { helm, folder, values = [], strings = {}, kubernetes, namespace = RENDER_NAMESPACE } = options;
  const chart = basename(folder);
  const release = options.release ?? chart;
  const { code, stdout, stderr } = await runProgram(helm, [
    'template',
    release,
    folder,
    `--namespace=${namespace}`,
    ...(kubernetes === undefined ? [] : [`--kube-version=${kubernetes}`]),
    ...values.map((file) => `--values=${file}`),
    ...Object.entries(strings).map(([key, value]) => `--set-string=${key}=${value}`),
  ]);
  if (code !== 0) throw new RenderError(explainRenderError(stderr, { chart, values }));
  return { chart, release, namespace, manifest: stdout, objects: parseObjects(stdout, chart) };
}

/** Returns the objects of a manifest; `chart` is what messages begin with. Throws a `RenderError` for a document that is none. */
export function parseObjects(manifest: string, chart: string): KubeObject[] {
  const objects: KubeObject[] = [];
  for (const document of parseAllDocuments(manifest)) {
    // Helm parses each document before it writes it, and is content with keys that are there twice.
    const [error] = document.errors;
    if (error !== undefined)
      throw new RenderError(`${chart}: the render is no YAML: ${firstLine(error.message)}`);
    const content = document.toJS() as Partial<KubeObject> | null;
    if (content === null) continue;
    if (!isKubeObject(content)) {
      const [, file = 'a template'] = /# Source: [^/]+\/(\S+)/.exec(document.toString()) ?? [];
      throw new RenderError(
        `${chart}: ${file}: renders a document without apiVersion, kind or metadata.name`,
      );
    }
    objects.push(content);
  }
  return objects;
}

function isKubeObject(content: Partial<KubeObject>): content is KubeObject {
  const { apiVersion, kind, metadata } = content;
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata?.name === 'string';
}

const firstLine = (text: string) => text.trim().split('\n')[0] ?? '';
