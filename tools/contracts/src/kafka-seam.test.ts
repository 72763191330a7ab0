/**
 * The library of contracts and the library of Kafka do not know each other; they fit because their types have the same
 * shape. The tool may import both, so it is here that the shapes are compared. The compiler does that.
 */
import { createCodec, createFixedCatalog, EVENTS, stockMoved } from '@eda/contracts';
import type * as contracts from '@eda/contracts';
import type * as kafka from '@eda/kafka';
import { encodeEvent } from '@eda/kafka';
import { expect, expectTypeOf, it } from 'vitest';

it('a contract is a contract to the Kafka library', () => {
  expectTypeOf(stockMoved).toExtend<kafka.EventContract<contracts.StockMoved>>();
  expectTypeOf<contracts.AnyEventContract>().toExtend<kafka.EventContract<unknown>>();
});

it('the codec is a codec to the Kafka library', () => {
  expectTypeOf<contracts.EventCodec>().toExtend<kafka.EventCodec>();
  expectTypeOf<kafka.RawRecord>().toExtend<contracts.EncodedRecord>();
  expectTypeOf<contracts.EncodedEvent>().toExtend<kafka.OutgoingRecord>();
});

it('an event is the same to both', () => {
  expectTypeOf<contracts.EventEnvelope<contracts.StockMoved>>().toEqualTypeOf<
    kafka.EventEnvelope<contracts.StockMoved>
  >();
});

it('events are encoded and decoded through the interface of the Kafka library', async () => {
  const codec: kafka.EventCodec = createCodec(createFixedCatalog(EVENTS));
  const data: contracts.StockMoved = {
    storeId: 'Store_1',
    sku: 'Item_1',
    quantity: 1,
    reason: 'SALE',
    unitPrice: null,
    occurredAt: new Date(0),
  };
  const record = encodeEvent({
    codec,
    source: '/eda/store',
    contract: stockMoved,
    data,
    options: { id: 'a' },
  });
  const headers = Object.fromEntries(
    Object.entries(record.headers).map(([key, value]) => [key, Buffer.from(String(value))]),
  );
  const received: kafka.RawRecord = { ...record, headers, partition: 0, offset: 0n, timestamp: new Date(0) };
  const decoded = await codec.decode<contracts.StockMoved>(stockMoved, received);
  expect(decoded).toMatchObject({
    id: 'a',
    source: '/eda/store',
    type: stockMoved.type,
    key: 'Store_1',
    data,
  });
});
