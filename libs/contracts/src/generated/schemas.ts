// Generated from schemas/ and apps/*/asyncapi.yaml by `npm run generate`. Do not edit.
import type { SchemaDefinition } from '../topics.ts';
import {
  ITEM_STOCK_CHANGED_SCHEMA,
  REPLENISHMENT_REQUESTED_SCHEMA,
  STOCK_MOVED_SCHEMA,
  STORE_STOCK_CHANGED_SCHEMA,
} from './eda.retail.v1.ts';

/** All schemas, as the platform registers them; services never do. */
export const SCHEMAS: readonly SchemaDefinition[] = [
  {
    subject: 'retail.item-stock.v1-value',
    type: 'eda.retail.v1.ItemStockChanged',
    schema: ITEM_STOCK_CHANGED_SCHEMA,
    compatibility: 'FULL_TRANSITIVE',
  },
  {
    subject: 'retail.replenishment-requested.v1-value',
    type: 'eda.retail.v1.ReplenishmentRequested',
    schema: REPLENISHMENT_REQUESTED_SCHEMA,
    compatibility: 'FULL_TRANSITIVE',
  },
  {
    subject: 'retail.stock-moved.v1-value',
    type: 'eda.retail.v1.StockMoved',
    schema: STOCK_MOVED_SCHEMA,
    compatibility: 'FULL_TRANSITIVE',
  },
  {
    subject: 'retail.store-stock.v1-value',
    type: 'eda.retail.v1.StoreStockChanged',
    schema: STORE_STOCK_CHANGED_SCHEMA,
    compatibility: 'FULL_TRANSITIVE',
  },
];
