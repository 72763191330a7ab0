/** Rows about events that cannot be handled. */
import { generateLoad, isPoison } from '../load.ts';
import type { Row } from '../row.ts';

export const poison: Row = {
  number: 15,
  name: '15',
  title: 'poison: garbage, unknown schema, a handler that breaks',
  expected: 'each is a dead letter once, order per key is kept around it',
  effectBudgetMs: 30_000,
  async run(bench) {
    bench.special(bench.scale.events >= 50_000 ? 1000 : 100, ['garbage', 'unknown-schema', 'type-error']);
    await bench.startConsumers(2);
    const producer = await bench.startProducer();
    await bench.finish(producer);
    const bad = generateLoad(bench.load()).filter(({ kind }) => isPoison(kind)).length;
    bench.measure({ name: 'poison events published', value: bad, unit: '', least: 3 });
  },
};
