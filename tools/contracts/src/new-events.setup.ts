/** Contracts of a shop for tests: what the generator has not seen before. */
import { onTestFinished } from 'vitest';
import { copyContracts } from './copy-contracts.ts';
import type { ContractsCopy } from './copy-contracts.ts';

/** Returns a field with a doc. */
export const field = (name: string, type: unknown, rest: object = {}) => ({
  name,
  type,
  doc: `The ${name}.`,
  ...rest,
});
/** Returns the text of a record schema. */
export const record = (namespace: string, name: string, fields: unknown[]) =>
  JSON.stringify({ type: 'record', name, namespace, doc: `What ${name} means.`, fields });
/** Returns the text of an event's metadata. */
export const meta = (
  topic: string,
  key: string,
  owner: string,
  example: object,
  rest = 'class: event\nretention: forever',
) =>
  `description: About ${topic}.\ntopic: ${topic}\nkey: ${key}\nowner: ${owner}\npartitions: 2\ncompatibility: FULL\npii: []\n` +
  `${rest}\nexample: ${JSON.stringify(example)}\n`;

/** One of everything Avro has, over two files, a second domain, a second major version, and a new app that sends it. */
function addEvents(contracts: ContractsCopy): void {
  contracts.write(
    'schemas/common/v1/Money.avsc',
    record('eda.common.v1', 'Money', [
      field('amount', {
        type: 'fixed',
        name: 'Amount',
        doc: 'An amount.',
        size: 8,
        logicalType: 'decimal',
        precision: 16,
        scale: 2,
      }),
      field('currency', 'string', { default: 'EUR' }),
    ]),
  );
  contracts.write(
    'schemas/web-shop/v1/OrderPlaced.avsc',
    record('eda.web_shop.v1', 'OrderPlaced', [
      field('orderId', { type: 'string', logicalType: 'uuid' }),
      field('total', 'eda.common.v1.Money'),
      field('lines', {
        type: 'array',
        items: {
          type: 'record',
          name: 'Line',
          doc: 'A */ line.',
          fields: [
            field('sku', 'string'),
            field('price', ['null', 'eda.common.v1.Money'], { default: null }),
            field('options', { type: 'array', items: ['null', 'string'] }),
          ],
        },
      }),
      field('notes', { type: 'map', values: { type: 'array', items: 'string' } }, { default: {} }),
      field('dueOn', ['null', { type: 'int', logicalType: 'date' }], { default: null }),
      field('signature', ['null', 'bytes']),
      field('hash', { type: 'fixed', name: 'Hash', doc: 'A hash.', size: 4 }),
      field('weight', 'double'),
      field('express', 'boolean', { default: false }),
      field('previous', ['null', 'OrderPlaced'], { default: null }),
    ]),
  );
  const order = {
    orderId: '0190163d-8694-739b-aea5-966c26f8ad91',
    total: { amount: '12.50', currency: 'EUR' },
    lines: [{ sku: 'Item_1', price: null, options: [null, "the 'best'"] }],
    notes: { gift: ['yes'] },
    dueOn: '2026-02-28',
    signature: '\u00ff',
    hash: 'abcd',
    weight: 1.5,
  };
  contracts.write(
    'schemas/web-shop/v1/OrderPlaced.meta.yaml',
    meta('web-shop.order-placed.v1', 'orderId', 'shop', order),
  );
  contracts.write(
    'schemas/retail/v2/StockMoved.avsc',
    record('eda.retail.v2', 'StockMoved', [field('store', 'string')]),
  );
  contracts.write(
    'schemas/retail/v2/StockMoved.meta.yaml',
    meta(
      'retail.stock-moved.v2',
      'store',
      'shop',
      { store: 'a' },
      'class: state\nconfig:\n  segment.ms: 600000',
    ),
  );
  const channel = (name: string, address: string, file: string) => `
  ${name}:
    address: ${address}
    messages:
      ${name}:
        payload:
          schemaFormat: application/vnd.apache.avro;version=1.9.0
          schema: { $ref: ../../schemas/${file} }
    bindings: { kafka: { partitions: 2 } }`;
  const send = (name: string) => `
  ${name}Sent: { action: send, summary: Sends ${name}., channel: { $ref: '#/channels/${name}' } }`;
  contracts.write(
    'apps/shop/asyncapi.yaml',
    `asyncapi: 3.1.0
info: { title: Shop, version: 1.0.0, description: Sells., x-role: producer }
channels:${channel('orders', 'web-shop.order-placed.v1', 'web-shop/v1/OrderPlaced.avsc')}${channel('moves', 'retail.stock-moved.v2', 'retail/v2/StockMoved.avsc')}
operations:${send('orders')}${send('moves')}
`,
  );
}

/** Returns a copy of the fixture with them, which goes with the test. */
export function copyWithNewEvents(): ContractsCopy {
  const contracts = copyContracts();
  onTestFinished(contracts.delete);
  addEvents(contracts);
  return contracts;
}
