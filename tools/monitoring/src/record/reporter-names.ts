/**
 * How Strimzi's Metrics Reporter names the metrics of a broker. It takes them where JMX takes them too, so that the names follow from
 * what JMX shows: `<domain>_<type>_<name>` of Yammer's metrics, `<domain>_<group>_<name>` of Kafka's own.
 */
import type { Sample } from '../metric-list.ts';

/** One MBean with its attributes and their values. */
export interface Bean {
  readonly domain: string;
  /** In their order; the first is always `type`. */
  readonly properties: readonly (readonly [string, string])[];
  readonly attributes: ReadonlyMap<string, string>;
}

/** Suffixes that mean something in Prometheus; the reporter takes them away, and the right one is put back by kind. */
const RESERVED = /(_total|_created|_bucket|_info)+$/;

/** Returns a name of Kafka as the reporter writes it. */
export function reporterName(...parts: readonly string[]): string {
  const name = parts.join('_').replaceAll(/[^A-Za-z0-9_:]/g, '_');
  return name.replace(RESERVED, '').toLowerCase();
}

const labelName = (key: string) => key.replaceAll(/[^A-Za-z0-9_]/g, '_');
const isNumber = (value: string) =>
  value.trim() !== '' && !Number.isNaN(Number(value.replace(/^-?Infinity$/, '0')));

/** Returns the samples that the reporter makes of an MBean. */
export function samplesOfBean({ domain, properties, attributes }: Bean): Sample[] {
  const [first, ...others] = properties;
  const type = first?.[1] ?? '';
  const name = others.find(([key]) => key === 'name')?.[1];
  const labels = others.filter(([key]) => key !== 'name').map(([key]) => labelName(key));
  if (name !== undefined) return ofYammer(reporterName(domain, type, name), labels, attributes);
  return [...attributes].map(([attribute, value]) =>
    isNumber(value) || value === 'NaN'
      ? { name: reporterName(domain, type, attribute), kind: 'gauge', labels }
      : {
          name: `${reporterName(domain, type, attribute)}_info`,
          kind: 'gauge',
          labels: [...labels, labelName(attribute)],
        },
  );
}

function ofYammer(
  name: string,
  labels: readonly string[],
  attributes: ReadonlyMap<string, string>,
): Sample[] {
  const value = attributes.get('Value');
  if (value !== undefined)
    return isNumber(value) || value === 'NaN'
      ? [{ name, kind: 'gauge', labels }]
      : [{ name: `${name}_info`, kind: 'gauge', labels: [...labels, name.slice(name.lastIndexOf('_') + 1)] }];
  // Histograms and timers.
  if (attributes.has('50thPercentile'))
    return [
      { name, kind: 'gauge', labels: [...labels, 'quantile'] },
      { name: `${name}_sum`, kind: 'counter', labels },
      { name: `${name}_count`, kind: 'counter', labels },
    ];
  return attributes.has('Count') ? [{ name: `${name}_total`, kind: 'counter', labels }] : [];
}

const LINE = /^([\w.]+):(type=.*?):([^:=]+)=(.*)$/;

/** Reads what Kafka's JmxTool prints with `--report-format properties`; MBeans of the JVM are left out. */
export function parseJmxProperties(text: string): Bean[] {
  const beans = new Map<string, Bean & { readonly attributes: Map<string, string> }>();
  for (const line of text.split('\n')) {
    const [, domain = '', path = '', attribute = '', value = ''] = LINE.exec(line) ?? [];
    if (!domain.startsWith('kafka.')) continue;
    const bean = beans.get(`${domain}:${path}`) ?? {
      domain,
      properties: propertiesOf(path),
      attributes: new Map<string, string>(),
    };
    bean.attributes.set(attribute, value);
    beans.set(`${domain}:${path}`, bean);
  }
  return [...beans.values()];
}

/** A value in quotes may hold commas. */
const propertiesOf = (path: string): [string, string][] =>
  [...path.matchAll(/([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]*)/g)].map(([, key = '', value = '']) => [key, value]);
