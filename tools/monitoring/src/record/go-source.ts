/** Metrics as Go programs declare them with Prometheus' client library, read from their source. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MonitoringError } from '../errors.ts';
import type { Sample } from '../metric-list.ts';

/** Reads a file of a Go module at a version, by way of the module proxy. Throws a `MonitoringError` when it is not to be had. */
export async function openGoModule(
  module: string,
  version: string,
): Promise<(file: string) => Promise<string>> {
  const folder = await mkdtemp(join(tmpdir(), 'eda-monitoring-'));
  try {
    await writeFile(join(folder, 'go.mod'), 'module record\n\ngo 1.24\n');
    const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', `${module}@${version}`], {
      cwd: folder,
    });
    const { Dir } = JSON.parse(stdout) as { Dir: string };
    return (file) => readFile(join(Dir, file), 'utf8');
  } catch (error) {
    const { stdout = '', code, message } = error as { stdout?: string; code?: unknown; message: string };
    if (code === 'ENOENT')
      throw new MonitoringError(
        'Go is missing: there is no "go" on the PATH. Install it (https://go.dev/dl).',
      );
    const reason = /"Error": "(.*)"/.exec(stdout)?.[1]?.replaceAll(/\\[nt]+/g, ' ') ?? message;
    throw new MonitoringError(`${module}@${version} cannot be fetched: ${reason}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const strings = (text: string) => [...text.matchAll(/"([a-z_]\w*)"/gi)].map(([, value = '']) => value);

/** Returns the metrics of `prometheus.NewDesc(BuildFQName(namespace, "sub", "name"), "help", []string{labels}, …)`. */
export function readDescriptions(source: string, namespace: string): Sample[] {
  const pattern =
    /NewDesc\(\s*\w+\.BuildFQName\(\s*[\w"]*,\s*([\w."]+),\s*([\w."]+)\s*\),\s*"[^"]*",\s*(nil|\[\]string\{([^}]*)\})/g;
  return [...source.matchAll(pattern)].map(([, subsystem = '', name = '', , labels = '']) => ({
    name: [namespace, ...strings(subsystem), ...strings(name)].filter(Boolean).join('_'),
    kind: 'gauge',
    labels: strings(labels),
  }));
}

/** Returns the metrics of `prometheus.New<Kind>Vec(prometheus.<Kind>Opts{…, Name: "name"}, []string{labels})` below a prefix. */
export function readOptions(source: string, prefix: string): Sample[] {
  const pattern =
    /New(Gauge|Counter)(?:Vec)?\(\s*prometheus\.\w+Opts\{([^}]*)\}(?:,\s*\[\]string\{([^}]*)\})?/g;
  return [...source.matchAll(pattern)].flatMap(([, kind = '', options = '', labels = '']) => {
    const name = /\bName:\s*"(\w+)"/.exec(options)?.[1];
    if (name === undefined) return [];
    return [
      { name: `${prefix}${name}`, kind: kind === 'Counter' ? 'counter' : 'gauge', labels: strings(labels) },
    ];
  });
}
