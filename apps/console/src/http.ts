/** The console over HTTP: the page and what it asks for. */
import { createHttpApp, problem } from '@eda/service';
import type { Health, HttpApp, Logger, Metrics } from '@eda/service';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { DEAD_LETTER_PAGE } from './console-state.ts';
import type { ConsoleState } from './console-state.ts';
import type { KafkaFeed } from './kafka-feed.ts';
import { serveCatalog } from './catalog-files.ts';
import { redriveLines } from './redrive-lines.ts';
import { servePage } from './page-files.ts';

const SEARCH_RESULTS = 100;

export interface ConsoleHttpOptions {
  readonly state: ConsoleState;
  readonly feed: Pick<KafkaFeed, 'redrive' | 'redriveAll'>;
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  /** Where the event catalogue stands, if it is made. */
  readonly catalogFolder: string;
}

/** Returns the HTTP application, not listening yet. */
export async function createConsoleHttp({
  state,
  feed,
  catalogFolder,
  ...parts
}: ConsoleHttpOptions): Promise<HttpApp> {
  const app = await createHttpApp({ name: 'console', ...parts });
  await servePage(app);
  await serveCatalog(app, catalogFolder);

  app.get('/api/topology', () => state.topology);
  app.get('/api/snapshot', () => state.stream.snapshot());
  app.get('/api/dead-letters', () => state.deadLetters.page(DEAD_LETTER_PAGE));
  app.get(
    '/api/stock',
    { schema: { querystring: Type.Object({ search: Type.String({ default: '', maxLength: 200 }) }) } },
    ({ query }) => state.stock.page(SEARCH_RESULTS, query.search),
  );

  app.get(
    '/api/stream',
    { schema: { querystring: Type.Object({ lastEventId: Type.Optional(Type.String({ maxLength: 100 })) }) } },
    (request, reply) => {
      const header = request.headers['last-event-id'];
      reply.hijack();
      state.stream.attach(
        request.raw,
        reply.raw,
        typeof header === 'string' ? header : request.query.lastEventId,
      );
    },
  );

  app.post(
    '/api/dead-letters/:topic/:partition/:place',
    {
      schema: {
        params: Type.Object({
          topic: Type.String({ maxLength: 249 }),
          partition: Type.Integer({ minimum: 0 }),
          place: Type.String({ pattern: '^[0-9]{1,19}:redrive$' }),
        }),
      },
      onRequest: (request, _reply, done) => done(fromElsewhere(request)),
    },
    async ({ params: { topic, partition, place } }) => {
      const { offset, ...at } = await feed.redrive(topic, partition, BigInt(place.replace(':redrive', '')));
      return { ...at, offset: String(offset) };
    },
  );

  app.post(
    '/api/dead-letters/:all',
    {
      schema: {
        params: Type.Object({ all: Type.String({ pattern: '^[A-Za-z0-9._-]{1,249}:redrive$' }) }),
        body: Type.Object({ code: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) }),
      },
      onRequest: (request, _reply, done) => done(fromElsewhere(request)),
    },
    async ({ params: { all }, body: { code } }, reply) => {
      const stop = new AbortController();
      // Whoever closes the page or presses Stop ends it; what is left stays where it is.
      reply.raw.once('close', () => stop.abort());
      const lines = await redriveLines((onProgress) =>
        feed.redriveAll(all.replace(':redrive', ''), { code, signal: stop.signal, onProgress }),
      );
      return reply.type('application/x-ndjson').header('cache-control', 'no-store').send(lines);
    },
  );
  return app;
}

/** Browsers say where a request comes from: a page of another site must not put dead letters back in a visitor's name. */
function fromElsewhere(request: FastifyRequest): Error | undefined {
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  const sameSite = site === undefined || site === 'same-origin' || site === 'none';
  const sameOrigin = origin === undefined || URL.parse(origin)?.host === host;
  if (sameSite && sameOrigin) return undefined;
  return problem(403, { detail: 'Only the console’s own page may put dead letters back.' });
}
