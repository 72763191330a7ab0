/** The lists of metrics in `metrics/`: what a program tells, one sample name a line, with kind and labels. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MonitoringError } from './errors.ts';

/** What may be done with a sample: only counters have a rate. */
export type Kind = 'counter' | 'gauge';

export interface Sample {
  /** As it stands in a query: with `_total`, `_bucket`, `_sum`, `_count`. */
  readonly name: string;
  readonly kind: Kind;
  readonly labels: readonly string[];
}

const FOLDER = join(import.meta.dirname, '../metrics');
const LINE = /^([a-z_:][a-z0-9_:]*) (counter|gauge)((?: [A-Za-z_]\w*)*)$/i;

/** Returns the path of the list of `source`. */
export function metricListPath(source: string): string {
  return join(FOLDER, `${source}.txt`);
}

/** Returns the samples of the list of `source`. Throws a `MonitoringError` when there is none, or one that cannot be read. */
export function readMetricList(source: string): Sample[] {
  const file = metricListPath(source);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new MonitoringError(
      `${file}: is missing; node tools/monitoring/src/main.ts record ${source} makes it.`,
    );
  }
  return parseMetricList(text, file);
}

/** Reads a list; `file` names it in messages. */
export function parseMetricList(text: string, file: string): Sample[] {
  const samples: Sample[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, kind, labels = ''] = LINE.exec(line) ?? [];
    if (name === undefined)
      throw new MonitoringError(
        `${file}:${index + 1}: "${line}" is no "<name> <kind> <labels>"; record it again.`,
      );
    samples.push({ name, kind: kind as Kind, labels: labels.split(' ').filter(Boolean) });
  }
  return samples;
}

/** Writes a list: the lines of the header, then the samples by name, those of one name together. */
export function formatMetricList(header: readonly string[], samples: readonly Sample[]): string {
  const byName = new Map<string, { kind: Kind; labels: Set<string> }>();
  for (const { name, kind, labels } of samples) {
    const known = byName.get(name) ?? { kind, labels: new Set<string>() };
    for (const label of labels) known.labels.add(label);
    byName.set(name, known);
  }
  const lines = [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { kind, labels }]) => [name, kind, ...[...labels].sort()].join(' '));
  return [...header.map((line) => `# ${line}`), ...lines, ''].join('\n');
}
