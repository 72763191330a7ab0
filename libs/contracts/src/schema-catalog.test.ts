import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { itemStockChanged, stockMoved, STOCK_MOVED_SCHEMA } from './generated/index.ts';
import { createFixedCatalog, createSchemaCatalog } from './schema-catalog.ts';
import type { SchemaCatalogOptions, Waiting } from './schema-catalog.ts';

type Answer = { readonly status: number; readonly body: unknown } | 'hang';
const json = (body: unknown, status = 200): Answer => ({ status, body });
const notFound = (errorCode: number): Answer => json({ error_code: errorCode, message: 'not found' }, 404);

/** A registry that answers as it is told, and counts what it was asked. */
async function startRegistry(answer: (request: string, body: unknown) => Answer) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const what = `${request.method ?? ''} ${request.url ?? ''}`;
      asked.push(what);
      const text = Buffer.concat(chunks).toString();
      const result = answer(what, text === '' ? undefined : JSON.parse(text));
      if (result === 'hang') return;
      response.writeHead(result.status, { 'content-type': 'application/json' });
      response.end(typeof result.body === 'string' ? result.body : JSON.stringify(result.body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { registryUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ccompat/v7`, asked };
}

const LOOK_UP = `POST /ccompat/v7/subjects/${stockMoved.subject}`;
const OTHER_SCHEMA = '{"type":"record","name":"Other","fields":[{"name":"a","type":"string"}]}';
const quick = { contracts: [stockMoved], backoff: { initialMs: 1, maxMs: 5 } };

/** A catalog whose own schema has id 4; every other request gets `answer`. */
async function startCatalog(
  answer: (request: string) => Answer,
  options: Partial<SchemaCatalogOptions> = {},
) {
  const registry = await startRegistry((request) =>
    request === LOOK_UP ? json({ id: 4 }) : answer(request),
  );
  const catalog = await createSchemaCatalog({ ...quick, ...registry, ...options });
  registry.asked.length = 0;
  return { catalog, asked: registry.asked };
}
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

afterEach(() => {
  vi.useRealTimers();
});

describe('at start', () => {
  it('looks every own schema up by its content, and registers nothing', async () => {
    const bodies: unknown[] = [];
    const { registryUrl, asked } = await startRegistry((_, body) => {
      bodies.push(body);
      return json({ id: bodies.length });
    });
    const catalog = await createSchemaCatalog({
      registryUrl: `${registryUrl}/`,
      contracts: [stockMoved, itemStockChanged],
    });
    expect(asked).toEqual([LOOK_UP, `POST /ccompat/v7/subjects/${itemStockChanged.subject}`]);
    expect(bodies).toEqual([{ schema: STOCK_MOVED_SCHEMA }, { schema: itemStockChanged.schema }]);
    expect(catalog.own(itemStockChanged.subject)).toMatchObject({ id: 2 });
    expect(catalog.known(2)).toBe(catalog.own(itemStockChanged.subject).type);
  });

  it('waits while the registry is down, says so each time, and goes on when it is back', async () => {
    const waits: Waiting[] = [];
    const warn = vi.fn();
    const { registryUrl } = await startRegistry(() =>
      waits.length < 3 ? json('<html>bad gateway</html>', 502) : json({ id: 4 }),
    );
    const catalog = await createSchemaCatalog({
      ...quick,
      registryUrl,
      logger: { warn },
      onWaiting: (waiting) => waits.push(waiting),
    });
    expect(catalog.own(stockMoved.subject).id).toBe(4);
    expect(waits.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(waits[0]?.reason).toContain('answered 502');
    expect(waits[0]?.retryInMs).toBeLessThanOrEqual(5);
    expect(warn).toHaveBeenCalledTimes(3);
  });

  it('waits while a schema is not registered, and asks again only for those that are missing', async () => {
    let registered = false;
    const { registryUrl, asked } = await startRegistry((request) =>
      request !== LOOK_UP || registered ? json({ id: asked.length }) : notFound(40403),
    );
    const reasons: string[] = [];
    await createSchemaCatalog({
      ...quick,
      registryUrl,
      contracts: [stockMoved, itemStockChanged],
      onWaiting: ({ reason }) => {
        reasons.push(reason);
        registered = true;
      },
    });
    expect(reasons).toEqual([`the schema of ${stockMoved.subject} is not registered (not found)`]);
    expect(asked.filter((request) => request !== LOOK_UP)).toHaveLength(1);
  });

  it('tells a registry that cannot be reached, and one that hangs, by name', async () => {
    const reasons: string[] = [];
    const gaveUp = new AbortController();
    const onWaiting = ({ reason }: Waiting) => {
      reasons.push(reason);
      gaveUp.abort(new Error('enough'));
    };
    const refused = createSchemaCatalog({
      ...quick,
      registryUrl: 'http://127.0.0.1:1',
      onWaiting,
      signal: gaveUp.signal,
    });
    await expect(refused).rejects.toThrow();
    expect(reasons[0]).toMatch(/^POST http:\/\/127\.0\.0\.1:1\/subjects\/.*: /);
    const { registryUrl } = await startRegistry(() => 'hang');
    const again = new AbortController();
    const hanging = createSchemaCatalog({
      ...quick,
      registryUrl,
      timeoutMs: 50,
      signal: again.signal,
      onWaiting: ({ reason }) => {
        reasons.push(reason);
        again.abort(new Error('enough'));
      },
    });
    await expect(hanging).rejects.toThrow();
    expect(reasons[1]).toContain('no answer within 50 ms');
  });

  it('pauses longer each time, up to the limit', async () => {
    const pauses: number[] = [];
    const stop = new AbortController();
    const waiting = createSchemaCatalog({
      contracts: [stockMoved],
      registryUrl: 'http://registry.invalid',
      fetch: () => Promise.reject(new Error('down')),
      backoff: { initialMs: 2, maxMs: 16 },
      signal: stop.signal,
      onWaiting: ({ retryInMs }) => {
        pauses.push(retryInMs);
        if (pauses.length === 6) stop.abort(new Error('enough'));
      },
    });
    await expect(waiting).rejects.toThrow();
    for (const [index, ceiling] of [2, 4, 8, 16, 16, 16].entries()) {
      expect(pauses[index]).toBeGreaterThanOrEqual(ceiling / 2);
      expect(pauses[index]).toBeLessThanOrEqual(ceiling);
    }
  });
});

describe('the schema of another writer', () => {
  it('is fetched once, for all that wait for it, and never again', async () => {
    const { catalog, asked } = await startCatalog(() => json({ schema: OTHER_SCHEMA }));
    const [first, second] = await Promise.all([catalog.load(9), catalog.load(9)]);
    expect(first).toBe(second);
    expect(await catalog.load(9)).toBe(first);
    expect(catalog.known(9)).toBe(first);
    expect(asked).toEqual(['GET /ccompat/v7/schemas/ids/9']);
  });

  it('that does not exist is poison, and is not asked for again for a minute', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { catalog, asked } = await startCatalog(() => notFound(40403));
    const expected = { name: 'UnknownSchemaError', verdict: 'poison', code: 'SCHEMA_UNKNOWN', schemaId: 9 };
    expect(await failure(catalog.load(9))).toMatchObject(expected);
    vi.advanceTimersByTime(59_000);
    expect(await failure(catalog.load(9))).toMatchObject(expected);
    expect(asked).toHaveLength(1);
    vi.advanceTimersByTime(2_000);
    expect(await failure(catalog.load(9))).toMatchObject(expected);
    expect(asked).toHaveLength(2);
  });

  it('with an id that no registry gives is not asked for', async () => {
    const { catalog, asked } = await startCatalog(() => notFound(40403));
    expect(await failure(catalog.load(-5))).toMatchObject({ name: 'UnknownSchemaError' });
    expect(asked).toEqual([]);
  });

  it.each<[string, Answer, string]>([
    ['that fails', json({ error_code: 50001, message: 'storage is down' }, 500), 'storage is down'],
    ['that is somebody else', json('<html>not found</html>', 404), 'answered 404'],
    ['that asks who we are', json({ error_code: 40301, message: 'forbidden' }, 403), 'forbidden'],
    ['that refuses to look', json({ error_code: 42201, message: 'not now' }, 422), 'not now'],
    ['that hangs', 'hang', 'no answer within 100 ms'],
    ['that answers with a page', json('<html>welcome</html>'), 'answered 200'],
  ])('from a registry %s is transient, and asked for again', async (_, answer, message) => {
    let down = true;
    const { catalog } = await startCatalog(() => (down ? answer : json({ schema: OTHER_SCHEMA })), {
      timeoutMs: 100,
    });
    expect(await failure(catalog.load(9))).toMatchObject({
      name: 'RegistryUnavailableError',
      verdict: 'transient',
      code: 'REGISTRY_UNAVAILABLE',
      message: expect.stringContaining(message) as string,
    });
    down = false;
    expect((await catalog.load(9)).name).toBe('Other');
  });

  it('that is not Avro, or not valid, is poison', async () => {
    const answers: Record<string, Answer> = {
      'GET /ccompat/v7/schemas/ids/9': json({ schemaType: 'PROTOBUF', schema: 'syntax = "proto3";' }),
      'GET /ccompat/v7/schemas/ids/10': json({ schema: '{"type":"recor"}' }),
    };
    const { catalog } = await startCatalog((request) => answers[request] ?? notFound(40403));
    expect(await failure(catalog.load(9))).toMatchObject({
      verdict: 'poison',
      code: 'SCHEMA_UNSUPPORTED',
      message: 'schema 9 is PROTOBUF, expected AVRO',
    });
    expect(await failure(catalog.load(10))).toMatchObject({ verdict: 'poison', code: 'SCHEMA_UNSUPPORTED' });
  });

  it('may be registered in parts that refer to each other', async () => {
    const reference = (name: string) => [{ name, subject: name, version: 1 }];
    const record = (name: string, type: string) =>
      JSON.stringify({ type: 'record', name, fields: [{ name: 'f', type }] });
    const answers: Record<string, Answer> = {
      'GET /ccompat/v7/schemas/ids/9': json({
        schema: record('x.Order', 'x.Line'),
        references: reference('x.Line'),
      }),
      'GET /ccompat/v7/subjects/x.Line/versions/1': json({
        schema: record('x.Line', 'x.Money'),
        references: reference('x.Money'),
      }),
      'GET /ccompat/v7/subjects/x.Money/versions/1': json({ schema: record('x.Money', 'long') }),
    };
    const { catalog } = await startCatalog((request) => answers[request] ?? notFound(40403));
    const type = await catalog.load(9);
    const value = { f: { f: { f: 1 } } };
    expect(type.fromBuffer(type.toBuffer(value))).toStrictEqual(value);
  });
});

describe('a fixed catalog', () => {
  it('knows its own contracts in order and nothing else', async () => {
    const catalog = createFixedCatalog([stockMoved, itemStockChanged]);
    expect(catalog.own(stockMoved.subject).id).toBe(1);
    expect(catalog.own(itemStockChanged.subject).id).toBe(2);
    expect(await failure(catalog.load(3))).toMatchObject({ name: 'UnknownSchemaError' });
    expect(() => catalog.own('other-value')).toThrow('not in the schema catalog');
  });
});
