import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { testPlatform } from '@eda/testing';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { arbitraryValue, PLAIN_AVSC } from './arbitrary-value.setup.ts';
import { avroType } from './avro-type.ts';
import { createCodec } from './codec.ts';
import type { EncodedEvent, EventCodec, EventEnvelope } from './codec.ts';
import { EVENTS, stockMoved, STOCK_MOVED_SCHEMA } from './generated/index.ts';
import type { StockMoved } from './generated/index.ts';
import { LOGICAL_TYPE_CLASSES } from './logical-types.ts';
import { registryRequest } from './registry-request.ts';
import { createSchemaCatalog } from './schema-catalog.ts';
import type { SchemaCatalog } from './schema-catalog.ts';
import { withDefaults } from './with-defaults.ts';

const EVENT = {
  id: 'a',
  type: stockMoved.type,
  source: '/eda/store',
  time: new Date(0),
  key: 'Store_1',
  extensions: {},
};
const DATA = withDefaults(stockMoved, {
  storeId: 'Store_1',
  sku: 'Item_1',
  quantity: 10,
  reason: 'RESTOCK',
  unitPrice: '12.50',
  occurredAt: new Date('2026-01-15T09:30:00Z'),
});

let registryUrl: string;
let catalog: SchemaCatalog;
let codec: EventCodec;
let kafkajs: SchemaRegistry;

beforeAll(async () => {
  registryUrl = testPlatform().registry.url;
  catalog = await createSchemaCatalog({ registryUrl, contracts: EVENTS });
  codec = createCodec(catalog);
  kafkajs = new SchemaRegistry(
    { host: registryUrl },
    { [SchemaType.AVRO]: { logicalTypes: LOGICAL_TYPE_CLASSES as never, wrapUnions: 'never' } as never },
  );
});

const received = (record: EncodedEvent, value = record.value) => ({
  ...record,
  value,
  timestamp: new Date(0),
});

/** Registers a schema under a name of its own, and takes it away after the test. */
async function registerForeign(schema: object): Promise<number> {
  const subject = `/subjects/test-${randomUUID()}-value`;
  onTestFinished(async () => {
    await fetch(`${registryUrl}${subject}`, { method: 'DELETE' });
    await fetch(`${registryUrl}${subject}?permanent=true`, { method: 'DELETE' });
  });
  const answer = await registryRequest({ registryUrl, timeoutMs: 15_000 }, 'POST', `${subject}/versions`, {
    schema: JSON.stringify(schema),
  });
  return (answer.body as { id: number }).id;
}

describe.each(EVENTS.map((contract) => [contract.type, contract] as const))('%s', (_, contract) => {
  it('has the same bytes as @kafkajs/confluent-schema-registry makes, which each reads of the other', async () => {
    const { id, type } = catalog.own(contract.subject);
    await fc.assert(
      fc.asyncProperty(arbitraryValue(type, PLAIN_AVSC), async (data) => {
        const ours = codec.encode(contract, { ...EVENT, type: contract.type, data });
        const theirs = await kafkajs.encode(id, data);
        expect(ours.value).toEqual(theirs);
        expect(await kafkajs.decode(ours.value)).toEqual(data);
        expect(await codec.decode(contract, received(ours, theirs))).toMatchObject({ data });
      }),
      { numRuns: 50 },
    );
  });
});

describe('the real registry', () => {
  it('knows the id of an own schema by the content of the schema', async () => {
    expect(catalog.own(stockMoved.subject).id).toBe(await kafkajs.getLatestSchemaId(stockMoved.subject));
  });

  it('does not know every id', async () => {
    await expect(catalog.load(2_000_000_000)).rejects.toMatchObject({
      name: 'UnknownSchemaError',
      verdict: 'poison',
    });
  });

  it('does not take a service further that asks for a schema nobody registered', async () => {
    const reasons: string[] = [];
    const enough = new AbortController();
    const unregistered = { ...stockMoved, subject: `test-${randomUUID()}-value` };
    const waiting = createSchemaCatalog({
      registryUrl,
      contracts: [unregistered],
      signal: enough.signal,
      onWaiting: ({ reason }) => {
        reasons.push(reason);
        enough.abort(new Error('enough'));
      },
    });
    await expect(waiting).rejects.toThrow();
    expect(reasons[0]).toContain(`the schema of ${unregistered.subject} is not registered`);
  });

  it('gives the schema of another writer, with which its events are read', async () => {
    const ours = JSON.parse(STOCK_MOVED_SCHEMA) as { fields: object[] };
    const schema = {
      ...ours,
      fields: [{ name: `extra_${randomUUID().slice(0, 8)}`, type: 'string', default: 'x' }, ...ours.fields],
    };
    const id = await registerForeign(schema);
    const record = codec.encode(stockMoved, { ...EVENT, data: DATA });
    const frame = Buffer.alloc(5);
    frame.writeInt32BE(id, 1);
    const value = Buffer.concat([frame, avroType(schema).toBuffer(DATA)]);
    const decoded: EventEnvelope<StockMoved> = await codec.decode(stockMoved, received(record, value));
    expect(decoded.data).toStrictEqual(DATA);
  });

  it('gives the schema of another record, whose values are poison', async () => {
    const schema = {
      type: 'record',
      name: `Other_${randomUUID().slice(0, 8)}`,
      fields: [{ name: 'a', type: 'string' }],
    };
    const frame = Buffer.alloc(5);
    frame.writeInt32BE(await registerForeign(schema), 1);
    const record = codec.encode(stockMoved, { ...EVENT, data: DATA });
    const value = Buffer.concat([frame, avroType(schema).toBuffer({ a: 'b' })]);
    const decoding = Promise.resolve(codec.decode(stockMoved, received(record, value)));
    await expect(decoding).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH', verdict: 'poison' });
  });
});
