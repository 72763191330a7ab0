/** Queries of replenishment: the open requests, and how one item stands. */
import { type HttpApp, problem, problemResponse } from '@eda/service';
import type { Pool } from 'pg';
import { Type } from 'typebox';
import { type ReplenishmentPolicy, thresholdOf } from '../policy.ts';
import { findLevel, findRequest, listRequests } from '../requests.ts';

const Sku = Type.String({
  minLength: 1,
  description: 'The item (stock keeping unit).',
  examples: ['Item_1'],
});
const Pieces = Type.Integer();
const Time = Type.String({ format: 'date-time' });

const Request = Type.Object({
  sku: Sku,
  stock: Type.Integer({ description: 'Pieces over all stores when the request was made.' }),
  threshold: Pieces,
  quantity: Type.Integer({ description: 'Pieces asked for.' }),
  requestedAt: Time,
});
const Item = Type.Object(
  {
    sku: Sku,
    stock: Pieces,
    asOf: Time,
    threshold: Type.Integer({ description: 'Pieces under which the item is replenished.' }),
    request: Type.Union([Request, Type.Null()], {
      description: 'The open request, null when there is none.',
    }),
  },
  { description: 'How the item stands.' },
);
const DEFAULT_LIMIT = 100;
const Page = Type.Object({
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      default: DEFAULT_LIMIT,
      description: 'How many to list at most.',
    }),
  ),
  after: Type.Optional(Type.String({ description: 'The `next` of the page before.' })),
});
const Next = Type.Union([Type.String(), Type.Null()], {
  description: 'Ask with `after` of this for the next page.',
});

const PROBLEMS = {
  400: problemResponse('The request is not valid; every wrong field is listed.'),
  503: problemResponse('The database cannot be reached; try again after `Retry-After` seconds.'),
};

/** Adds the routes that answer questions about items and their requests from `pool`. */
export function requestRoutes(http: HttpApp, pool: Pool, policy: ReplenishmentPolicy): void {
  http.get(
    '/requests',
    {
      schema: {
        operationId: 'listRequests',
        summary: 'The open requests in the order of their skus',
        querystring: Page,
        response: {
          200: Type.Object(
            { requests: Type.Array(Request), next: Next },
            { description: 'A page of open requests.' },
          ),
          ...PROBLEMS,
        },
      },
    },
    async ({ query: { limit = DEFAULT_LIMIT, after } }) => {
      const requests = await listRequests(pool, limit, after);
      const next = requests.length === limit ? (requests.at(-1)?.sku ?? null) : null;
      return {
        requests: requests.map((one) => ({ ...one, requestedAt: one.requestedAt.toISOString() })),
        next,
      };
    },
  );

  http.get(
    '/items/:sku',
    {
      schema: {
        operationId: 'getItem',
        summary: 'Level, threshold and open request of one item',
        params: Type.Object({ sku: Sku }),
        response: { 200: Item, 404: problemResponse('No stock of it was ever seen.'), ...PROBLEMS },
      },
    },
    async ({ params: { sku } }) => {
      const [level, request] = await Promise.all([findLevel(pool, sku), findRequest(pool, sku)]);
      if (!level) throw problem(404, { detail: `No stock of item "${sku}" was ever seen.` });
      return {
        sku,
        stock: level.stock,
        asOf: level.asOf.toISOString(),
        threshold: thresholdOf(policy, sku),
        request: request ? { ...request, requestedAt: request.requestedAt.toISOString() } : null,
      };
    },
  );
}
