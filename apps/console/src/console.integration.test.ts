import { itemStockChanged, stockMoved, storeStockChanged } from '@eda/contracts';
import { createTcpProxy, testPlatform } from '@eda/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEAD_LETTERS, STOCK_MOVED, createConsoleBench } from './console.setup.ts';
import type { ConsoleBench, ConsoleUnderTest } from './console.setup.ts';
import type { DeadLetterView, LiveEvent, Snapshot } from './messages.ts';

const asOf = new Date('2026-01-02T03:04:05.000Z');
const movement = (storeId: string) =>
  ({
    storeId,
    sku: 'Item_1',
    quantity: 10,
    reason: 'RESTOCK',
    unitPrice: '12.50',
    occurredAt: asOf,
  }) as const;
const eventWithKey = (snapshot: Snapshot, key: string): LiveEvent | undefined =>
  snapshot.events.find((event) => event.key === key);
const letterWithKey = (snapshot: Snapshot, key: string): DeadLetterView | undefined =>
  snapshot.deadLetters.letters.find((letter) => letter.key === key);

describe('the console on real Kafka', () => {
  let bench: ConsoleBench;
  let running: ConsoleUnderTest;

  beforeAll(async () => {
    bench = await createConsoleBench();
    await bench.producer.publish(storeStockChanged, { storeId: 'Store_0', stock: { Item_1: 7 }, asOf });
    await bench.producer.publish(itemStockChanged, { sku: 'Item_1', stock: 7, asOf });
    running = await bench.start();
    await running.shows('that it reads', (snapshot) => snapshot.feed.state === 'live');
  });

  afterAll(() => bench[Symbol.asyncDispose]());

  it('knows the stock from before it was started, without passing it off as news', async () => {
    const { stock, events } = await running.snapshot();
    expect(stock).toMatchObject({
      stores: [{ storeId: 'Store_0', stock: { Item_1: 7 }, asOf: asOf.getTime() }],
      items: [{ sku: 'Item_1', stock: 7 }],
    });
    expect(events).toEqual([]);
  });

  it('shows an event as it arrives, decoded, with what it belongs to', async () => {
    const extensions = { correlationid: 'c-1' };
    const { partition, offset } = await bench.producer.publish(stockMoved, movement('Store_1'), {
      extensions,
    });
    const event = eventWithKey(
      await running.shows('the event', (now) => eventWithKey(now, 'Store_1') !== undefined),
      'Store_1',
    );
    expect(event).toMatchObject({ topic: STOCK_MOVED, partition, offset: String(offset) });
    expect(event?.event).toMatchObject({
      type: 'eda.retail.v1.StockMoved',
      source: '/eda/store',
      correlationId: 'c-1',
      data: { ...movement('Store_1'), occurredAt: asOf.toISOString() },
    });
  });

  it('follows the stock, and forgets a store with a tombstone', async () => {
    const stockOf = (storeId: string) => (now: Snapshot) =>
      now.stock.stores.find((store) => store.storeId === storeId)?.stock;
    await bench.producer.publish(storeStockChanged, { storeId: 'Store_2', stock: { Item_1: 3 }, asOf });
    const shown = await running.shows('the stock', (now) => stockOf('Store_2')(now)?.['Item_1'] === 3);
    expect(eventWithKey(shown, 'Store_2')?.event?.type).toBe(storeStockChanged.type);
    await bench.producer.send({
      topic: storeStockChanged.topic,
      key: Buffer.from('Store_2'),
      value: null,
      headers: {},
    });
    await running.shows('the store gone', (now) => stockOf('Store_2')(now) === undefined);
  });

  it('shows a record that nobody can read with the reason and its bytes', async () => {
    await bench.producer.send({
      topic: STOCK_MOVED,
      key: Buffer.from('garbage'),
      value: Buffer.from('{"a":1}'),
      headers: {},
    });
    const snapshot = await running.shows('the record', (now) => eventWithKey(now, 'garbage') !== undefined);
    const event = eventWithKey(snapshot, 'garbage');
    expect(event?.problem).toMatch(/JSON/);
    expect(event?.preview).toMatchObject({ encoding: 'text', text: '{"a":1}' });
  });

  it('tells how far a group is behind that nobody runs', async () => {
    await running.shows('the lag', ({ ticks }) => (ticks.at(-1)?.lag['inventory'] ?? 0) >= 2);
  });

  it('shows a dead letter with its reason and puts it back once', async () => {
    const value = Buffer.from('{"storeId":"Store_9"}');
    const { partition, offset } = await bench.deadLetter(
      { key: Buffer.from('Store_9'), value },
      'it looks like JSON',
    );
    const waiting = await running.shows(
      'the dead letter',
      (now) => letterWithKey(now, 'Store_9') !== undefined,
    );
    expect(letterWithKey(waiting, 'Store_9')).toMatchObject({
      group: 'inventory',
      code: 'VALUE_NOT_FRAMED',
      message: 'it looks like JSON',
      original: { topic: STOCK_MOVED, partition: 0, offset: '12' },
      headers: { 'content-type': 'application/json' },
      preview: { text: '{"storeId":"Store_9"}' },
    });

    const redrive = (at: string) =>
      fetch(`${running.url}/api/dead-letters/${at}:redrive`, { method: 'POST' });
    const answer = await redrive(`${DEAD_LETTERS}/${partition}/${offset}`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ topic: STOCK_MOVED });

    const after = await running.shows(
      'that it was put back',
      (now) => letterWithKey(now, 'Store_9')?.redrivenAt !== undefined,
    );
    expect(eventWithKey(after, 'Store_9')?.headers).toEqual({ 'content-type': 'application/json' });

    const again = await redrive(`${DEAD_LETTERS}/${partition}/${offset}`);
    expect(again.status).toBe(409);
    expect(again.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect((await redrive(`${DEAD_LETTERS}/0/99999`)).status).toBe(404);
    expect((await redrive(`${STOCK_MOVED}/0/0`)).status).toBe(404);
  });

  it('still knows after a restart what was put back', async () => {
    const second = await bench.start();
    await second.shows(
      'the dead letter as put back',
      (now) => letterWithKey(now, 'Store_9')?.redrivenAt !== undefined,
    );
    await second.stop();
  });

  it('is there while Kafka is away at the start, says so, and goes on when it comes', async () => {
    const [host = '', port = ''] = testPlatform().kafka.brokers[0]?.split(':') ?? [];
    await using proxy = await createTcpProxy({ host, port: Number(port) });
    await proxy.cut();
    const early = await bench.start({ KAFKA_BROKERS: `${proxy.host}:${proxy.port}` });
    const down = await early.shows('that Kafka is down', ({ health }) =>
      health.some((part) => part.name === 'Kafka' && part.state === 'down'),
    );
    expect(down.feed).toMatchObject({
      state: 'connecting',
      detail: expect.stringContaining('Kafka') as string,
    });
    expect((await fetch(early.url)).status).toBe(200);

    await proxy.heal();
    const live = await early.shows('that it reads', (now) => now.feed.state === 'live');
    expect(live.stock.stores.map((store) => store.storeId)).toContain('Store_0');
    await early.stop();
  });
});
