import { createHealth, createLogger, createMetrics, type ProblemDetails } from '@eda/service';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createStoreHttp } from './http.ts';
import type { RecordRequest } from './recorder.ts';
import { MAX_BYTES, MAX_LINES } from './routes/movements-batch.ts';

/** The HTTP interface above a recorder that accepts everything and remembers it; databases are for the integration tests. */
async function build() {
  const requests: RecordRequest[] = [];
  const health = createHealth();
  const metrics = createMetrics({ service: 'store' });
  const http = await createStoreHttp({
    logger: createLogger({ name: 'store', level: 'silent' }),
    health,
    metrics,
    recorder: {
      record: (request) => {
        requests.push(request);
        return Promise.resolve(request.answer(request.movements.map((_, index) => `event-${index}`)));
      },
    },
  });
  onTestFinished(async () => {
    await http.close();
    await metrics.close();
    health.close();
  });
  return {
    requests,
    http,
    post: (payload: object, headers = {}) =>
      http.inject({ method: 'POST', url: '/stores/Store_1/movements', payload, headers }),
    postBatch: (payload: string | Buffer, headers = {}) =>
      http.inject({
        method: 'POST',
        url: '/movements:batch',
        payload,
        headers: { 'content-type': 'application/x-ndjson', ...headers },
      }),
  };
}

const sale = { sku: 'Item_1', quantity: 3, reason: 'SALE' };

describe('POST /stores/{storeId}/movements', () => {
  it('answers 202 with the event id and what was understood', async () => {
    const { post, requests } = await build();
    const answer = await post(
      { ...sale, unitPrice: 19.9, occurredAt: '2026-05-04T11:30:00.5+02:00' },
      { 'idempotency-key': 'k1', 'x-correlation-id': 'c-1' },
    );
    expect(answer.statusCode).toBe(202);
    expect(answer.headers).not.toHaveProperty('location');
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.json()).toEqual({
      eventId: 'event-0',
      storeId: 'Store_1',
      ...sale,
      unitPrice: 19.9,
      occurredAt: '2026-05-04T09:30:00.500Z',
    });
    expect(requests).toEqual([
      expect.objectContaining({
        key: 'k1',
        movements: [
          {
            storeId: 'Store_1',
            ...sale,
            unitPrice: '19.90',
            occurredAt: new Date('2026-05-04T09:30:00.500Z'),
          },
        ],
        origin: { correlationId: 'c-1' },
      }),
    ]);
  });

  it('takes now for a movement without time', async () => {
    const { post, requests } = await build();
    const before = Date.now();
    await post(sale);
    const occurredAt = requests[0]?.movements[0]?.occurredAt.getTime() ?? 0;
    expect(occurredAt).toBeGreaterThanOrEqual(before);
    expect(occurredAt).toBeLessThanOrEqual(Date.now());
  });

  it('has the same fingerprint for the same movement, however it is written, and another one for another', async () => {
    const { http, post, requests } = await build();
    await post(sale);
    await post({ reason: 'SALE', quantity: 3, sku: 'Item_1' });
    await post({ ...sale, quantity: 4 });
    await http.inject({ method: 'POST', url: '/stores/Store_2/movements', payload: sale });
    const [first, reordered, ...others] = requests.map(({ fingerprint }) => fingerprint());
    expect(reordered).toBe(first);
    expect(new Set([first, ...others]).size).toBe(3);
  });

  it.each([
    ['no sku', { ...sale, sku: undefined }, '#/sku'],
    ['an empty sku', { ...sale, sku: '' }, '#/sku'],
    ['a sku with spaces', { ...sale, sku: 'Item 1' }, '#/sku'],
    ['a sku that is too long', { ...sale, sku: 'x'.repeat(65) }, '#/sku'],
    ['quantity 0', { ...sale, quantity: 0 }, '#/quantity'],
    ['a negative quantity', { ...sale, quantity: -1 }, '#/quantity'],
    ['half a piece more', { ...sale, quantity: 1.5 }, '#/quantity'],
    ['too many pieces', { ...sale, quantity: 1_000_001 }, '#/quantity'],
    ['a quantity as text', { ...sale, quantity: '3' }, '#/quantity'],
    ['an unknown reason', { ...sale, reason: 'GIFT' }, '#/reason'],
    ['the reason readers see of later reasons', { ...sale, reason: 'UNKNOWN' }, '#/reason'],
    ['a negative price', { ...sale, unitPrice: -0.01 }, '#/unitPrice'],
    ['a price with three decimals', { ...sale, unitPrice: 1.005 }, '#/unitPrice'],
    ['a price beyond the schema', { ...sale, unitPrice: 10_000_000_000 }, '#/unitPrice'],
    ['a price beyond anything', { ...sale, unitPrice: 1e21 }, '#/unitPrice'],
    ['a price as text', { ...sale, unitPrice: '1.00' }, '#/unitPrice'],
    ['a price of null', { ...sale, unitPrice: null }, '#/unitPrice'],
    ['a time without offset', { ...sale, occurredAt: '2026-05-04T09:30:00' }, '#/occurredAt'],
    ['a day that does not exist', { ...sale, occurredAt: '2026-02-30T09:30:00Z' }, '#/occurredAt'],
    ['a leap second', { ...sale, occurredAt: '2016-12-31T23:59:60Z' }, '#/occurredAt'],
    ['a time before 1970', { ...sale, occurredAt: '1969-12-31T23:59:59Z' }, '#/occurredAt'],
    ['a field nobody knows', { ...sale, colour: 'red' }, '#/colour'],
  ])('refuses %s with one finding', async (_name, payload, pointer) => {
    const { post, requests } = await build();
    const answer = await post(payload);
    expect(answer.statusCode).toBe(400);
    expect(answer.json<ProblemDetails>().errors).toEqual([
      { pointer, detail: expect.stringMatching(/./) as string },
    ]);
    expect(requests).toEqual([]);
  });

  it.each([0, 0.1, 1, 19.99, 0.07, 123_456.78, 9_999_999_999.99])(
    'takes a price of %d as it is',
    async (unitPrice) => {
      const { post, requests } = await build();
      expect((await post({ ...sale, unitPrice })).statusCode).toBe(202);
      expect(requests[0]?.movements[0]?.unitPrice).toBe(unitPrice.toFixed(2));
    },
  );

  it.each(['', 'x'.repeat(256), 'two words', 'ä'])('refuses the Idempotency-Key "%s"', async (key) => {
    const { post } = await build();
    const answer = await post(sale, { 'idempotency-key': key });
    expect(answer.statusCode).toBe(400);
    expect(answer.json<ProblemDetails>().errors?.[0]).toMatchObject({
      parameter: 'idempotency-key',
      in: 'header',
    });
  });

  it('refuses a store that is none, an unknown path, another method, another content type and too much', async () => {
    const { http, post } = await build();
    const at = (method: 'GET' | 'POST', url: string, headers = {}, payload: string | object = sale) =>
      http.inject({ method, url, headers, ...(method === 'POST' ? { payload } : {}) });
    expect((await at('POST', '/stores/Store%201/movements')).statusCode).toBe(400);
    expect((await at('POST', '/stores/Store_1/moves')).statusCode).toBe(404);
    expect((await at('GET', '/stores/Store_1/movements')).headers.allow).toBe('POST');
    expect(
      (await at('POST', '/stores/Store_1/movements', { 'content-type': 'application/x-ndjson' }, '{}'))
        .statusCode,
    ).toBe(415);
    expect((await post({ ...sale, sku: 'x'.repeat(300_000) })).statusCode).toBe(413);
  });
});

describe('POST /movements:batch', () => {
  const line = (more = {}) => JSON.stringify({ storeId: 'Store_1', ...sale, ...more });

  it('accepts the good lines and reports the bad ones by their number', async () => {
    const { postBatch, requests } = await build();
    const body = [
      line(),
      '',
      '{"sku"',
      line({ quantity: 0, colour: 'red' }),
      line({ storeId: 'Store_2' }),
      '[]',
    ].join('\n');
    const answer = await postBatch(body);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('application/x-ndjson');
    const results = answer.body
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each) as { line: number; status: number });
    expect(results).toMatchObject([
      { line: 1, status: 202, eventId: 'event-0' },
      { line: 3, status: 400, problem: { status: 400, detail: 'The line is not valid JSON.' } },
      { line: 4, status: 400, problem: { errors: [{ pointer: '#/colour' }, { pointer: '#/quantity' }] } },
      { line: 5, status: 202, eventId: 'event-1' },
      { line: 6, status: 400 },
    ]);
    expect(requests[0]?.movements.map(({ storeId }) => storeId)).toEqual(['Store_1', 'Store_2']);
  });

  it('reports lines that are not UTF-8', async () => {
    const { postBatch } = await build();
    const answer = await postBatch(Buffer.concat([Buffer.from([0xc3, 0x28, 0x0a]), Buffer.from(line())]));
    expect(answer.body).toMatch(/^{"line":1,"status":400,.*not UTF-8.*\n{"line":2,"status":202/);
  });

  it('answers nothing to nothing', async () => {
    const { postBatch } = await build();
    const answer = await postBatch('\n\n');
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
  });

  it('refuses too many lines and too many bytes with 413, and records nothing of them', async () => {
    const { postBatch, requests } = await build();
    expect((await postBatch(`${line()}\n`.repeat(MAX_LINES + 1))).statusCode).toBe(413);
    expect((await postBatch(Buffer.alloc(MAX_BYTES + 1, ' '))).statusCode).toBe(413);
    expect(requests).toEqual([]);
    expect((await postBatch(`${line()}\n`.repeat(MAX_LINES))).statusCode).toBe(200);
  });

  it.each(['application/json', 'text/plain'])('refuses %s with 415', async (type) => {
    const { postBatch } = await build();
    expect((await postBatch(line(), { 'content-type': type })).statusCode).toBe(415);
  });
});
