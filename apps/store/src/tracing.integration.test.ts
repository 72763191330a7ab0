import { stockMoved } from '@eda/contracts';
import { type AppBench, createAppBench, freePort, startAppProcess } from '@eda/testing';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { postMovement, SOON } from './store.setup.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

let bench: AppBench;
beforeEach(async () => {
  bench = await createAppBench('store');
});
afterEach(() => bench[Symbol.asyncDispose]());

/** A receiver of OTLP over HTTP that keeps the spans. */
async function receiver() {
  const spans: Span[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { resourceSpans } = JSON.parse(body) as {
        resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
      };
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  bench.defer(() => void server.close());
  return { spans, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('with an OTLP endpoint one trace leads from the caller through request and outbox to Kafka, and names the log lines', async () => {
  const { spans, url: endpoint } = await receiver();
  const port = await freePort();
  const store = startAppProcess(
    'store',
    bench.env({ PORT: String(port), LOG_LEVEL: 'info', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }),
  );
  bench.defer(() => store.kill());
  const url = `http://127.0.0.1:${port}`;
  await expect.poll(async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.ok, SOON).toBe(true);

  const headers = { traceparent: `00-${TRACE}-${CALLER}-01` };
  expect((await postMovement(url, 'Store_1', {}, headers)).status).toBe(202);
  await expect.poll(() => bench.records(stockMoved.topic).length, SOON).toBe(1);
  expect(await store.stop()).toBe(0);

  const mine = spans.filter(({ traceId }) => traceId === TRACE);
  const parents = Object.fromEntries(
    mine.map(({ name, parentSpanId }) => [
      name,
      mine.find(({ spanId }) => spanId === parentSpanId)?.name ?? parentSpanId,
    ]),
  );
  expect(parents).toEqual({
    'POST /stores/:storeId/movements': CALLER,
    [`create ${stockMoved.topic}`]: 'POST /stores/:storeId/movements',
    [`send ${stockMoved.topic}`]: `create ${stockMoved.topic}`,
  });
  const created = mine.find(({ name }) => name.startsWith('create'))?.spanId;
  const [record] = bench.records(stockMoved.topic);
  expect(String(record?.headers['traceparent'])).toBe(`00-${TRACE}-${String(created)}-01`);
  const line = store
    .output()
    .split('\n')
    .find((one) => one.includes('"path":"/stores/Store_1/movements"'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ msg: 'request answered', trace_id: TRACE });
});
