import { createServer, get } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { waitFor } from '@eda/testing';
import { createEventStream } from './event-stream.ts';
import type { EventStream, EventStreamOptions } from './event-stream.ts';
import type { Snapshot, Tick } from './messages.ts';

const SNAPSHOT = { topology: { apps: [], topics: [], flows: [] } } as unknown as Snapshot;
const tick = (time: number): Tick => ({ time, counts: {}, lag: {} });

const cleanUps: (() => void)[] = [];

async function serving(
  options: Partial<EventStreamOptions> = {},
): Promise<{ stream: EventStream; url: string; server: Server }> {
  const stream = createEventStream({ snapshot: () => SNAPSHOT, ...options });
  const server = createServer((request, response) => {
    stream.attach(
      request,
      response,
      new URL(request.url ?? '', 'http://x').searchParams.get('after') ?? undefined,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    stream.close();
    server.closeAllConnections();
    server.close();
  });
  return { stream, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A page: what it has received so far as text, and how to leave. */
async function page(
  url: string,
): Promise<{ text: () => string; ids: () => string[]; names: () => string[]; leave: () => void }> {
  let text = '';
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    get(url, resolve).on('error', reject),
  );
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  response.on('error', () => undefined);
  const leave = () => void response.destroy();
  cleanUps.push(leave);
  const all = (field: string) =>
    [...text.matchAll(new RegExp(`^${field}: (.*)$`, 'gm'))].map((match) => match[1] ?? '');
  return { text: () => text, ids: () => all('id'), names: () => all('event'), leave };
}

describe('the stream of server-sent events', () => {
  afterEach(() => cleanUps.splice(0).forEach((cleanUp) => cleanUp()));

  it('begins with a snapshot, then sends what happens, numbered', async () => {
    const { stream, url } = await serving();
    const reader = await page(url);
    await waitFor(() => stream.size === 1, { description: 'the page is connected' });
    stream.publish('tick', tick(1));
    stream.publish('tick', tick(2));

    await waitFor(() => reader.names().length === 3, { description: 'three messages' });
    expect(reader.names()).toEqual(['snapshot', 'tick', 'tick']);
    const numbers = reader.ids().map((id) => Number(id.split('-')[1]));
    expect(numbers).toEqual([0, 1, 2]);
  });

  it('sends a page that comes back exactly what it missed, and no snapshot', async () => {
    const { stream, url } = await serving();
    const first = await page(url);
    await waitFor(() => stream.size === 1, { description: 'the page is connected' });
    stream.publish('tick', tick(1));
    await waitFor(() => first.ids().length === 2, { description: 'the first message' });
    first.leave();
    await waitFor(() => stream.size === 0, { description: 'the page is gone' });
    stream.publish('tick', tick(2));
    stream.publish('tick', tick(3));

    const back = await page(`${url}?after=${first.ids().at(-1) ?? ''}`);
    await waitFor(() => back.names().length === 2, { description: 'what was missed' });
    expect(back.names()).toEqual(['tick', 'tick']);
    expect(back.text()).toContain('"time":2');
    expect(back.text()).toContain('"time":3');
    expect(back.text()).not.toContain('"time":1,');
  });

  it.each([
    ['of an earlier process', () => '0badc0de-1'],
    ['from the future', (id: string) => id.replace(/\d+$/, '999')],
    ['that is no id at all', () => '<script>'],
  ])('sends a snapshot to a page that comes with an id %s', async (_what, idFor) => {
    const { stream, url } = await serving();
    const first = await page(url);
    await waitFor(() => first.ids().length === 1, { description: 'a snapshot' });
    stream.publish('tick', tick(1));

    const back = await page(`${url}?after=${encodeURIComponent(idFor(first.ids()[0] ?? ''))}`);
    await waitFor(() => back.names().length > 0, { description: 'a message' });
    expect(back.names()[0]).toBe('snapshot');
  });

  it('sends a snapshot when more was missed than is kept', async () => {
    const { stream, url } = await serving({ replayLimit: 2 });
    const first = await page(url);
    await waitFor(() => first.ids().length === 1, { description: 'a snapshot' });
    for (let time = 1; time <= 5; time += 1) stream.publish('tick', tick(time));

    const back = await page(`${url}?after=${first.ids()[0] ?? ''}`);
    await waitFor(() => back.names().length > 0, { description: 'a message' });
    expect(back.names()[0]).toBe('snapshot');
  });

  it('keeps quiet connections open with comments', async () => {
    const { url } = await serving({ heartbeatMs: 10 });
    const reader = await page(url);
    await waitFor(() => reader.text().includes(': alive\n\n'), { description: 'a heartbeat' });
  });

  it('cuts off a page that does not read, and goes on for the others', async () => {
    const { stream, url } = await serving({ maxBufferedBytes: 2 << 20 });
    const stuck = await new Promise<IncomingMessage>((resolve, reject) =>
      get(url, resolve).on('error', reject),
    );
    stuck.on('error', () => undefined).pause();
    cleanUps.push(() => stuck.destroy());
    const reader = await page(url);
    await waitFor(() => stream.size === 2, { description: 'both are connected' });

    const large = { ...tick(1), counts: { ['x'.repeat(50_000)]: 1 } };
    await waitFor(
      () => {
        // The operating system buffers megabytes before anything piles up here.
        for (let n = 0; n < 20; n += 1) stream.publish('tick', large);
        return stream.size === 1;
      },
      { description: 'the stuck page is cut off' },
    );
    stream.publish('tick', tick(424_242));
    await waitFor(() => reader.text().includes('424242'), { description: 'the other page reads on' });

    stuck.resume();
    await waitFor(() => stuck.closed, { description: 'the stuck page sees that its connection is gone' });
  });

  it('ends all connections when it is closed', async () => {
    const { stream, url } = await serving();
    const reader = await page(url);
    await waitFor(() => reader.names().length === 1, { description: 'a snapshot' });
    stream.close();
    expect(stream.size).toBe(0);
  });
});
