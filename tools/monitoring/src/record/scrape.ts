/** A scrape in the text formats of Prometheus, as samples with kind and labels. */
import type { Kind, Sample } from '../metric-list.ts';

const SAMPLE = /^([A-Za-z_:][\w:]*)(?:\{(.*?)\})? [-+\dNI]/;
const LABEL = /([A-Za-z_]\w*)="(?:[^"\\]|\\.)*"/g;

/** Returns every sample name of a scrape once, with all labels that were seen. */
export function readSamples(text: string): Sample[] {
  const types = new Map<string, string>();
  const samples = new Map<string, { kind: Kind; labels: Set<string> }>();
  for (const line of text.split('\n')) {
    const [, announced, type] = /^# TYPE (\S+) (\S+)/.exec(line) ?? [];
    if (announced !== undefined && type !== undefined) types.set(announced, type);
    const [, name, labelText = ''] = SAMPLE.exec(line) ?? [];
    if (name === undefined) continue;
    const sample = samples.get(name) ?? { kind: kindOf(name, types), labels: new Set<string>() };
    for (const [, label = ''] of labelText.matchAll(LABEL)) sample.labels.add(label);
    samples.set(name, sample);
  }
  return [...samples].map(([name, { kind, labels }]) => ({ name, kind, labels: [...labels] }));
}

function kindOf(name: string, types: ReadonlyMap<string, string>): Kind {
  const [, base = name, suffix = ''] = /^(.*)_(total|bucket|sum|count)$/.exec(name) ?? [];
  if (types.get(name) === 'counter') return 'counter';
  if (suffix === 'total') return types.get(base) === 'counter' ? 'counter' : 'gauge';
  return suffix !== '' && /^(histogram|summary)$/.test(types.get(base) ?? '') ? 'counter' : 'gauge';
}
