import { avroType } from '@eda/contracts/avro';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { parse } from 'yaml';
import { expect, it } from 'vitest';
import { FIXTURE, ROOT } from './copy-contracts.ts';
import { emitUserValues } from './emit/kafka-values.ts';
import { REFERENCE } from './emit/reference-pages.ts';
import { generate, GENERATED } from './generate.ts';
import { loadContracts } from './load-contracts.ts';
import { copyWithNewEvents, field, meta, record } from './new-events.setup.ts';

interface Values {
  readonly topics: readonly { readonly name: string }[];
  readonly users: readonly {
    readonly name: string;
    readonly acls: readonly {
      readonly resource: { readonly type: string; readonly name: string };
      readonly operations: readonly string[];
    }[];
  }[];
}

const USE = `
import { orderPlaced, stockMoved, stockMovedV2, EVENTS, SCHEMAS, TOPICS, TOPOLOGY } from './generated/index.ts';
import type { OrderPlaced, OrderPlacedInput, Money, StockMoved, StockMovedV2 } from './generated/index.ts';
import type { EventContract } from './event-contract.ts';

const hash = Buffer.alloc(4);
const input: OrderPlacedInput = {
  orderId: 'a',
  total: { amount: '1.00' },
  lines: [{ sku: 'b', options: [null, 'c'] }],
  signature: null,
  hash,
  weight: 1,
};
declare const order: OrderPlaced;
export const money: Money = order.total;
export const currency: string = order.total.currency;
export const notes: Readonly<Record<string, readonly string[]>> = order.notes;
export const due: string | null = order.dueOn;
export const before: OrderPlaced | null = order.previous;
export const price: Money | null | undefined = order.lines[0]?.price;
export const contract: EventContract<OrderPlaced, OrderPlacedInput> = orderPlaced;
export const first = (data: StockMoved): string => stockMoved.key(data);
export const second = (data: StockMovedV2): string => stockMovedV2.key(data);
export const all = [input, EVENTS, SCHEMAS, TOPICS, TOPOLOGY];
// @ts-expect-error a field without a default cannot be left out
export const incomplete: OrderPlacedInput = { orderId: 'a' };
// @ts-expect-error an event has all its fields
export const halfway: OrderPlaced = input;
`;

/** What the TypeScript compiler says about `USE` and the generated modules, under the settings of this repository. */
function compile(root: string): string[] {
  const folder = join(root, 'libs/contracts/src');
  cpSync(join(ROOT, 'libs/contracts/src'), folder, {
    recursive: true,
    filter: (file) => !file.includes('generated') && !file.endsWith('.test.ts'),
  });
  generate(root);
  const file = join(folder, 'use.ts');
  writeFileSync(file, USE);
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  const config = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), (path) => readFileSync(path, 'utf8'));
  const { compilerOptions } = config.config as { compilerOptions: object };
  const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, root);
  const program = ts.createProgram([file], {
    ...options,
    noEmit: true,
    typeRoots: [join(ROOT, 'node_modules/@types')],
  });
  return ts
    .getPreEmitDiagnostics(program)
    .filter((diagnostic) => diagnostic.file?.fileName.startsWith(folder))
    .map(({ file: at, start = 0, messageText }) => {
      const line = (at?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
      return `${at?.fileName.slice(folder.length) ?? ''}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
}

it('new events, types, domains, versions and apps compile without a change in the generator', () => {
  const { root } = copyWithNewEvents();
  expect(compile(root)).toEqual([]);
  expect(generate(root, { check: true }).files).toEqual([
    `${GENERATED}/eda.common.v1.ts`,
    `${GENERATED}/eda.retail.v1.ts`,
    `${GENERATED}/eda.retail.v2.ts`,
    `${GENERATED}/eda.web_shop.v1.ts`,
    `${GENERATED}/index.ts`,
    `${GENERATED}/schemas.ts`,
    `${GENERATED}/topics.ts`,
    `${GENERATED}/topology.ts`,
    'charts/kafka-topics/values.generated.yaml',
    'charts/kafka-users/values.generated.yaml',
    'charts/schema-registration/schemas.generated.yaml',
    ...[
      'README',
      ...loadContracts(root)
        .events.map(({ meta: { topic } }) => topic)
        .sort(),
    ].map((page) => `${REFERENCE}/${page}.md`),
    'catalog-info.yaml',
    ...['console', 'inventory', 'replenishment', 'shop', 'store', 'store-simulator'].flatMap((app) => [
      `apps/${app}/catalog-info.yaml`,
      `apps/${app}/asyncapi.bundle.json`,
    ]),
  ]);
});

it('a schema is registered whole, with the types of other files in it', () => {
  const { root } = copyWithNewEvents();
  const order = loadContracts(root).schemas.find(({ type }) => type === 'eda.web_shop.v1.OrderPlaced');
  const json = order?.schema ?? '';
  expect(avroType(json).name).toBe('eda.web_shop.v1.OrderPlaced');
  expect(json.split('"name":"Money"')).toHaveLength(2);
  expect(json.split('"eda.common.v1.Money"')).toHaveLength(2);
});

it('a schema that stands alone is registered exactly as it is written', () => {
  const file = 'schemas/retail/v1/StockMoved.avsc';
  const written = JSON.stringify(JSON.parse(readFileSync(join(FIXTURE, file), 'utf8')));
  const moved = loadContracts(FIXTURE).schemas.find(({ type }) => type === 'eda.retail.v1.StockMoved');
  expect(moved?.schema).toBe(written);
});

it('topics have what the meta files and the documents say', () => {
  const { root } = copyWithNewEvents();
  const topics = new Map(loadContracts(root).topics.map((topic) => [topic.name, topic]));
  expect(topics.get('retail.stock-moved.v1')).toMatchObject({
    kind: 'event',
    owner: 'store',
    partitions: 6,
    subject: 'retail.stock-moved.v1-value',
    key: 'storeId',
    config: { 'cleanup.policy': 'delete', 'retention.ms': '604800000' },
  });
  expect(topics.get('retail.stock-moved.v2')).toMatchObject({
    kind: 'state',
    config: { 'cleanup.policy': 'compact', 'segment.ms': '600000' },
  });
  expect(topics.get('web-shop.order-placed.v1')?.config).toEqual({
    'cleanup.policy': 'delete',
    'retention.ms': '-1',
  });
  expect(topics.get('retail.stock-moved.v1.inventory.dlq')).toMatchObject({
    kind: 'dead-letter',
    owner: 'inventory',
    partitions: 1,
    config: { 'cleanup.policy': 'delete', 'retention.ms': '1209600000', 'max.message.bytes': '1114124' },
    deadLetterOf: { topic: 'retail.stock-moved.v1', group: 'inventory' },
  });
});

it('a group that lets records wait has a retry topic for each delay', () => {
  const { root, change } = copyWithNewEvents();
  const file = 'apps/inventory/asyncapi.yaml';
  change(
    file,
    '\noperations:\n',
    `
  stockMovedRetry:
    address: retail.stock-moved.v1.inventory.retry.1
    title: Movements that wait for a minute
    description: What the group inventory could not handle, for its next try.
    messages:
      stockMovedDeadLetter:
        $ref: '#/components/messages/stockMovedDeadLetter'
    bindings:
      kafka:
        partitions: 3
        topicConfiguration:
          cleanup.policy: [delete]
          retention.ms: 86400000
        bindingVersion: 0.5.0

operations:
  letStockMovedWait:
    action: send
    summary: Lets movements wait that may be handled later.
    channel:
      $ref: '#/channels/stockMovedRetry'
    messages:
      - $ref: '#/channels/stockMovedRetry/messages/stockMovedDeadLetter'
    x-purpose: retry
`,
  );
  const { topics, topology } = loadContracts(root);
  expect(emitUserValues(topology)).toContain(
    'name: retail.stock-moved.v1.inventory.retry.1\n          patternType: literal\n        operations:\n          - Read\n          - Write\n',
  );
  expect(topics.find(({ name }) => name === 'retail.stock-moved.v1.inventory.retry.1')).toMatchObject({
    kind: 'retry',
    owner: 'inventory',
    partitions: 3,
    config: { 'retention.ms': '86400000', 'max.message.bytes': '1114124' },
    retryOf: { topic: 'retail.stock-moved.v1', group: 'inventory', level: 1 },
  });

  change(file, 'inventory.retry.1', 'inventory.retry.one');
  expect(() => loadContracts(root)).toThrow(
    'is neither the topic of an event nor <consumed topic>.inventory.dlq or .retry.<n>',
  );
});

it('the values of the charts have each topic, and for each app the rights that its operations need', () => {
  const { root } = copyWithNewEvents();
  generate(root);
  const values = (chart: string) =>
    parse(readFileSync(join(root, `charts/${chart}/values.generated.yaml`), 'utf8')) as Values;
  expect(values('kafka-topics').topics.find(({ name }) => name === 'web-shop.order-placed.v1')).toEqual({
    name: 'web-shop.order-placed.v1',
    kind: 'event',
    owner: 'shop',
    description: 'About web-shop.order-placed.v1.',
    partitions: 2,
    config: { 'cleanup.policy': 'delete', 'retention.ms': '-1' },
  });
  const { users } = values('kafka-users');
  expect(users.map(({ name }) => name)).toEqual(['console', 'inventory', 'replenishment', 'shop', 'store']);
  const rights = (user: string) =>
    users
      .find(({ name }) => name === user)
      ?.acls.map(({ resource, operations }) => `${resource.type} ${resource.name}: ${operations.join()}`);
  expect(rights('shop')).toEqual([
    'topic retail.stock-moved.v2: Write',
    'topic web-shop.order-placed.v1: Write',
  ]);
  expect(rights('inventory')).toEqual([
    'topic retail.item-stock.v1: Write',
    'topic retail.stock-moved.v1: Read',
    'topic retail.stock-moved.v1.inventory.dlq: Write',
    'topic retail.store-stock.v1: Write',
    'group inventory: Read',
  ]);
  expect(rights('console')).toContain('group replenishment: Describe');
});

it('the topology has every app with what it sends and receives', () => {
  const { apps } = loadContracts(FIXTURE).topology;
  expect(apps.map(({ name, role }) => `${name}: ${role}`)).toEqual([
    'console: observer',
    'inventory: processor',
    'replenishment: processor',
    'store: producer',
    'store-simulator: driver',
  ]);
  expect(apps.find(({ name }) => name === 'store-simulator')).toMatchObject({
    calls: ['store'],
    operations: [],
  });
  const inventory = apps.find(({ name }) => name === 'inventory');
  expect(inventory?.operations.map(({ purpose, topic }) => `${purpose} ${topic}`)).toEqual([
    'consume retail.stock-moved.v1',
    'publish retail.store-stock.v1',
    'publish retail.item-stock.v1',
    'dead-letter retail.stock-moved.v1.inventory.dlq',
  ]);
  expect(inventory?.operations[0]).toMatchObject({
    group: 'inventory',
    deadLetterTopic: 'retail.stock-moved.v1.inventory.dlq',
  });
});

it('two events that would be exported under one name are refused', () => {
  const { root, write } = copyWithNewEvents();
  write(
    'schemas/web-shop/v1/StockMoved.avsc',
    record('eda.web_shop.v1', 'StockMoved', [field('a', 'string')]),
  );
  write('schemas/web-shop/v1/StockMoved.meta.yaml', meta('web-shop.stock-moved.v1', 'a', 'shop', { a: 'b' }));
  write(
    'apps/shop/asyncapi.yaml',
    readFileSync(join(root, 'apps/shop/asyncapi.yaml'), 'utf8')
      .replace(
        'operations:',
        `  others: { address: web-shop.stock-moved.v1, messages: { other: { payload: { schemaFormat: application/vnd.apache.avro;version=1.9.0, schema: { $ref: ../../schemas/web-shop/v1/StockMoved.avsc } } } }, bindings: { kafka: { partitions: 2 } } }\noperations:`,
      )
      .concat(
        `  othersSent: { action: send, summary: Sends others., channel: { $ref: '#/channels/others' } }\n`,
      ),
  );
  expect(() => generate(root)).toThrow(
    'eda.web_shop.v1.StockMoved and eda.retail.v1.StockMoved would both be exported as StockMoved. Rename one of them.',
  );
});
