import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeContracts } from '@eda/contracts-cli/describe';
import { toOpenLineage } from './openlineage.ts';

interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets?: Record<string, { _producer: string; _schemaURL: string; fields?: { name: string }[] }>;
}
interface Event {
  readonly eventTime: string;
  readonly producer: string;
  readonly schemaURL: string;
  readonly job?: { readonly namespace: string; readonly name: string; readonly facets: Dataset['facets'] };
  readonly inputs?: readonly Dataset[];
  readonly outputs?: readonly Dataset[];
  readonly dataset?: Dataset;
}

const contracts = describeContracts(join(import.meta.dirname, '../../..'));
const events = toOpenLineage(contracts, {
  bootstrap: 'kafka.example:9093',
  eventTime: '2026-01-15T09:30:00.000Z',
}) as Event[];

it('every event has what OpenLineage asks for, and every facet says its schema', () => {
  for (const { eventTime, producer, schemaURL, job, dataset } of events) {
    expect(new Date(eventTime).toISOString()).toBe(eventTime);
    expect(URL.canParse(producer)).toBe(true);
    expect(schemaURL).toMatch(
      /^https:\/\/openlineage\.io\/spec\/2-0-2\/OpenLineage\.json#\/\$defs\/(?:Job|Dataset)Event$/,
    );
    expect(schemaURL.endsWith('JobEvent')).toBe(job !== undefined);
    expect(schemaURL.endsWith('DatasetEvent')).toBe(dataset !== undefined);
    for (const facet of Object.values(job?.facets ?? dataset?.facets ?? {})) {
      expect(URL.canParse(facet._producer)).toBe(true);
      expect(facet._schemaURL).toMatch(
        /^https:\/\/openlineage\.io\/spec\/facets\/[\d-]+\/(\w+)\.json#\/\$defs\/\1$/,
      );
    }
  }
});

it('each app leads from what it consumes to what it publishes, on datasets that are described', () => {
  const names = (datasets: readonly Dataset[] = []) => datasets.map(({ name }) => name);
  const jobs = events.flatMap(({ job, inputs, outputs }) =>
    job ? [[job.name, names(inputs), names(outputs)]] : [],
  );
  expect(jobs).toEqual([
    ['inventory', ['retail.stock-moved.v1'], ['retail.store-stock.v1', 'retail.item-stock.v1']],
    ['replenishment', ['retail.item-stock.v1'], ['retail.replenishment-requested.v1']],
    ['store', [], ['retail.stock-moved.v1']],
  ]);
  const described = events.flatMap(({ dataset }) => dataset ?? []);
  for (const { inputs = [], outputs = [] } of events)
    for (const { namespace, name } of [...inputs, ...outputs])
      expect(described).toContainEqual(expect.objectContaining({ namespace, name }));
  expect(described[0]?.namespace).toBe('kafka://kafka.example:9093');
});

it('fields of records stand within the field that holds them', () => {
  const [event] = contracts.events;
  const [field] = event?.fields ?? [];
  if (!event || !field) throw new Error('there is no event');
  const fields = ['order', 'order.line', 'order.line.sku', 'order2', 'id'].map((path) => ({
    ...field,
    path,
  }));
  const [last] = (
    toOpenLineage(
      { ...contracts, events: [{ ...event, fields }] },
      { bootstrap: 'a:1', eventTime: '' },
    ) as Event[]
  ).flatMap(({ dataset }) => dataset ?? []);
  const names = ({ name, fields: inner }: { name: string; fields?: { name: string }[] }): unknown =>
    inner ? [name, inner.map(names)] : name;
  expect(last?.facets?.['schema']?.fields?.map(names)).toEqual([
    ['order', [['line', ['sku']]]],
    'order2',
    'id',
  ]);
});
