/** The queries with which CloudNativePG watches every database, as metrics `cnpg_<query>_<column>`. */
import { parse } from 'yaml';
import type { Sample } from '../metric-list.ts';

type Column = Readonly<Record<string, { readonly usage: string }>>;
type Queries = Readonly<Record<string, { readonly name?: string; readonly metrics: readonly Column[] }>>;

/** Returns the metrics of the ConfigMap `default-monitoring`. */
export function readQueries(configMap: string): Sample[] {
  const { data } = parse(configMap) as { data: { queries: string } };
  return Object.entries(parse(data.queries) as Queries).flatMap(([key, { name = key, metrics }]) => {
    const columns = metrics.flatMap((column) => Object.entries(column));
    const labels = columns.filter(([, { usage }]) => usage === 'LABEL').map(([column]) => column);
    return columns
      .filter(([, { usage }]) => usage === 'GAUGE' || usage === 'COUNTER')
      .map(([column, { usage }]) => ({
        name: `cnpg_${name}_${column}`,
        kind: usage === 'COUNTER' ? 'counter' : 'gauge',
        labels,
      }));
  });
}
