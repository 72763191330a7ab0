/** The list of metrics in docs/metrics.md, and what a process tells in the Prometheus text format, in the same shape. */

export interface MetricEntry {
  /** The name in Prometheus. */
  readonly name: string;
  /** `counter`, `gauge` or `histogram`. */
  readonly kind: string;
  readonly description: string;
  /** Names of the labels, in order. */
  readonly labels: readonly string[];
}

export interface DocumentedMetric extends MetricEntry {
  /** The OpenTelemetry name. */
  readonly otelName: string;
  readonly unit: string;
  /** Labels that are there only at times; they stand in the list with a question mark. */
  readonly optionalLabels: readonly string[];
}

const UNIT_SUFFIXES: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes' };

/** Returns the name that Prometheus sees of an OpenTelemetry metric. */
export function prometheusName(otelName: string, unit: string, kind: string): string {
  const name = otelName.replaceAll('.', '_');
  const suffix = UNIT_SUFFIXES[unit] ?? '';
  return `${name}${name.endsWith(suffix) ? '' : suffix}${kind === 'counter' ? '_total' : ''}`;
}

const code = (cell: string) => /^`(.*)`$/.exec(cell)?.[1] ?? cell;

/** Returns the rows of all tables whose first column is `Metric`. */
export function readMetricsDocument(markdown: string): DocumentedMetric[] {
  const metrics: DocumentedMetric[] = [];
  let within = false;
  for (const line of markdown.split('\n')) {
    const cells = line.startsWith('|')
      ? line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim())
      : [];
    const [otelName, name, kind, unit, labels, description] = cells;
    if (otelName === undefined) within = false;
    else if (otelName === 'Metric') within = true;
    else if (within && !otelName.startsWith('---')) {
      const all = (labels ?? '')
        .split(/,\s*/)
        .filter((label) => label !== '')
        .map(code);
      metrics.push({
        otelName: code(otelName),
        name: code(name ?? ''),
        kind: kind ?? '',
        unit: code(unit ?? ''),
        description: description ?? '',
        labels: all.filter((label) => !label.endsWith('?')).sort(),
        optionalLabels: all.filter((label) => label.endsWith('?')).map((label) => label.slice(0, -1)),
      });
    }
  }
  return metrics;
}

const SAMPLE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? \S+/;
const LABEL = /([A-Za-z_]\w*)="(?:[^"\\]|\\.)*"/g;
/** What belongs to the format and to the process rather than to one metric. */
const NOT_METRICS = new Set(['target_info']);
const NOT_LABELS = /^(le|otel_scope_.*)$/;

/** Returns what a scrape tells; a metric that is announced and has no value is left out. */
export function readScrape(text: string): MetricEntry[] {
  const kinds = new Map<string, string>();
  const descriptions = new Map<string, string>();
  const labels = new Map<string, Set<string>>();
  for (const line of text.split('\n')) {
    const [, keyword, announced = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === 'TYPE') kinds.set(announced, rest);
    if (keyword === 'HELP') descriptions.set(announced, rest);
    const [, sample, labelText = ''] = SAMPLE.exec(line) ?? [];
    if (sample === undefined || line.startsWith('#')) continue;
    const histogram = sample.replace(/_(bucket|sum|count)$/, '');
    const name = kinds.get(histogram) === 'histogram' ? histogram : sample;
    const seen = labels.get(name) ?? new Set();
    for (const [, label = ''] of labelText.matchAll(LABEL)) if (!NOT_LABELS.test(label)) seen.add(label);
    labels.set(name, seen);
  }
  return [...labels]
    .filter(([name]) => !NOT_METRICS.has(name))
    .map(([name, seen]) => ({
      name,
      kind: kinds.get(name) ?? 'untyped',
      description: descriptions.get(name) ?? '',
      labels: [...seen].sort(),
    }));
}
