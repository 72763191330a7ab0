/** The examples in the AsyncAPI documents of this repository are records that consumers can read. */
import { createCodec, createFixedCatalog, EVENTS, SCHEMAS } from '@eda/contracts';
import { encodeEvent } from '@eda/kafka';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exampleValue } from '../check-example.ts';
import type { Json } from '../contract-model.ts';
import { ROOT } from '../copy-contracts.ts';
import { EVENT_HEADERS } from '../lint/check-messages.ts';
import { loadContracts } from '../load-contracts.ts';

interface Message {
  readonly name: string;
  readonly payload?: object;
  readonly examples?: readonly {
    readonly headers: Readonly<Record<string, string>>;
    readonly payload: Json;
  }[];
}

interface Bundle {
  readonly components?: { readonly messages?: Readonly<Record<string, Message>> };
}

const messages = loadContracts(ROOT).topology.apps.flatMap(({ name }) => {
  const bundle = JSON.parse(readFileSync(join(ROOT, `apps/${name}/asyncapi.bundle.json`), 'utf8')) as Bundle;
  return Object.values(bundle.components?.messages ?? {}).filter(({ payload }) => payload !== undefined);
});

it('every event has a message with an example', () => {
  const named = messages.filter(({ examples }) => examples?.length === 1).map(({ name }) => name);
  expect(named.sort()).toEqual(EVENTS.map(({ type }) => type.split('.').at(-1)).sort());
});

describe.each(messages.map((message) => [message.name, message] as const))('%s', (_, { examples }) => {
  it.each(examples ?? [])('is encoded and read again', async ({ headers, payload }) => {
    const contract = EVENTS.find(({ type }) => type === headers['ce_type']);
    const schema = SCHEMAS.find(({ type }) => type === headers['ce_type']);
    if (!contract || !schema) throw new Error(`there is no event ${headers['ce_type']}`);
    const codec = createCodec(createFixedCatalog(EVENTS));
    const data = exampleValue(JSON.parse(schema.schema) as Json, payload);
    const sent = encodeEvent({ codec, source: '/a', contract, data, options: {} });

    const raw = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, Buffer.from(value)]));
    const place = { partition: 0, offset: 0n, timestamp: new Date(0) };
    const received = await codec.decode(contract, { ...sent, ...place, headers: raw });

    expect(Object.keys(headers).sort()).toEqual(EVENT_HEADERS.toSorted());
    expect(received).toMatchObject({
      id: headers['ce_id'],
      source: headers['ce_source'],
      type: headers['ce_type'],
      time: new Date(headers['ce_time'] ?? ''),
      data,
    });
  });
});
