import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { copyContracts } from '../copy-contracts.ts';
import { generate } from '../generate.ts';
import { MOVED } from '../lint/cases/lint-case.ts';
import { copyWithNewEvents } from '../new-events.setup.ts';
import { REFERENCE } from './reference-pages.ts';

const pageIn = (root: string, name: string) => readFileSync(join(root, REFERENCE, `${name}.md`), 'utf8');

it('say of each field what the schema and the metadata say, also of those in records of other files', () => {
  const { root, change } = copyWithNewEvents();
  change('schemas/web-shop/v1/OrderPlaced.meta.yaml', 'pii: []', 'pii: [notes]\nunits: { weight: kg }');
  change('schemas/web-shop/v1/OrderPlaced.meta.yaml', 'retention: forever', 'retention: 36h');
  generate(root);
  const page = pageIn(root, 'web-shop.order-placed.v1');
  expect(page).toContain('| `orderId` | uuid | The orderId. **Key.** |');
  expect(page).toContain('| `total.amount` | decimal(16, 2) | The amount. |');
  expect(page).toContain('| `total.currency` | string | The currency. `"EUR"` where it is missing. |');
  expect(page).toContain('| `lines` | list of record Line | The lines. |');
  expect(page).toContain('| `lines.price` | record Money or null | The price. `null` where it is missing. |');
  expect(page).toMatch(/\| `notes` \| map of list of string \| The notes\. .*\*\*Personal data\.\*\* \|/);
  expect(page).toMatch(/\| `weight` \| double \| The weight\. Counts kg\./);
  expect(page).toContain('| Kept | 36 hours |');
  expect(page).toContain('| [shop](../../../apps/shop/asyncapi.yaml) | publish |  | Sends orders. |');
  expect(page).toContain('| shop | Write |');
});

it('take what contracts say for text: no markup, no cell of a table', () => {
  const contracts = copyContracts();
  const { root, change } = contracts;
  onTestFinished(contracts.delete);
  change(MOVED, 'for example Item_1', '<img src=x> | [here](http://127.0.0.1) `now`');
  generate(root);
  const page = pageIn(root, 'retail.stock-moved.v1');
  expect(page).toContain('\\<img src=x\\> \\| \\[here\\](http://127.0.0.1) \\`now\\`');
});

it('of events that are gone are removed', () => {
  const { root, write } = copyWithNewEvents();
  write(`${REFERENCE}/retail.gone.v1.md`, 'of yesterday');
  expect(generate(root, { check: true }).changed).toContain(`${REFERENCE}/retail.gone.v1.md`);
  generate(root);
  expect(existsSync(join(root, REFERENCE, 'retail.gone.v1.md'))).toBe(false);
  expect(pageIn(root, 'README')).toContain('[StockMoved](retail.stock-moved.v1.md)');
});
