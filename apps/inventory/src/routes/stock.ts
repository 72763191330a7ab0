/** Queries of stock: of one store, of one item over all stores, and lists of both. */
import { type HttpApp, problem, problemResponse } from '@eda/service';
import type { Pool } from 'pg';
import { Type } from 'typebox';
import { findItemStock, findStoreStock, listItems, listStores } from '../stock.ts';

const Pieces = Type.Integer({
  description: 'Below zero when a sale was recorded before the restock it came from.',
});
const AsOf = Type.String({
  format: 'date-time',
  description: 'When the newest movement in the figure occurred.',
});
const StoreId = Type.String({ minLength: 1, description: 'The store.', examples: ['Store_1'] });
const Sku = Type.String({
  minLength: 1,
  description: 'The item (stock keeping unit).',
  examples: ['Item_1'],
});

const StoreStock = Type.Object(
  {
    storeId: StoreId,
    stock: Type.Record(Type.String(), Pieces, { description: 'Pieces by item.', examples: [{ Item_1: 10 }] }),
    asOf: AsOf,
  },
  { description: 'What the store has of every item it ever had.' },
);
const ItemStock = Type.Object(
  { sku: Sku, stock: Pieces, asOf: AsOf },
  { description: 'What all stores have of the item together.' },
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

const BAD_REQUEST = problemResponse('The request is not valid; every wrong field is listed.');
const UNAVAILABLE = problemResponse('The database cannot be reached; try again after `Retry-After` seconds.');
const PROBLEMS = { 400: BAD_REQUEST, 503: UNAVAILABLE };
const NEVER_SEEN = { 404: problemResponse('No movement of it was ever seen.'), ...PROBLEMS };

/** Adds the routes that answer questions about stock from `pool`. */
export function stockRoutes(http: HttpApp, pool: Pool): void {
  http.get(
    '/stores/:storeId/stock',
    {
      schema: {
        operationId: 'getStoreStock',
        summary: 'Stock of every item of one store',
        params: Type.Object({ storeId: StoreId }),
        response: { 200: StoreStock, ...NEVER_SEEN },
      },
    },
    async ({ params: { storeId } }) => {
      const store = await findStoreStock(pool, storeId);
      if (!store) throw problem(404, { detail: `No movement of store "${storeId}" was ever seen.` });
      return { ...store, asOf: store.asOf.toISOString() };
    },
  );

  http.get(
    '/items/:sku/stock',
    {
      schema: {
        operationId: 'getItemStock',
        summary: 'Stock of one item over all stores',
        params: Type.Object({ sku: Sku }),
        response: { 200: ItemStock, ...NEVER_SEEN },
      },
    },
    async ({ params: { sku } }) => {
      const item = await findItemStock(pool, sku);
      if (!item) throw problem(404, { detail: `No movement of item "${sku}" was ever seen.` });
      return { ...item, asOf: item.asOf.toISOString() };
    },
  );

  http.get(
    '/stores',
    {
      schema: {
        operationId: 'listStores',
        summary: 'All stores in the order of their ids',
        querystring: Page,
        response: {
          200: Type.Object(
            { stores: Type.Array(Type.Object({ storeId: StoreId, asOf: AsOf })), next: Next },
            { description: 'A page of stores.' },
          ),
          ...PROBLEMS,
        },
      },
    },
    async ({ query: { limit = DEFAULT_LIMIT, after } }) => {
      const stores = await listStores(pool, limit, after);
      const next = stores.length === limit ? (stores.at(-1)?.storeId ?? null) : null;
      return { stores: stores.map((store) => ({ ...store, asOf: store.asOf.toISOString() })), next };
    },
  );

  http.get(
    '/items',
    {
      schema: {
        operationId: 'listItems',
        summary: 'Stock of all items in the order of their skus',
        querystring: Page,
        response: {
          200: Type.Object({ items: Type.Array(ItemStock), next: Next }, { description: 'A page of items.' }),
          ...PROBLEMS,
        },
      },
    },
    async ({ query: { limit = DEFAULT_LIMIT, after } }) => {
      const items = await listItems(pool, limit, after);
      const next = items.length === limit ? (items.at(-1)?.sku ?? null) : null;
      return { items: items.map((item) => ({ ...item, asOf: item.asOf.toISOString() })), next };
    },
  );
}
