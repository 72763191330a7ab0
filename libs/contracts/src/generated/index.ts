// Generated from schemas/ and apps/*/asyncapi.yaml by `npm run generate`. Do not edit.
import type { AnyEventContract } from '../event-contract.ts';
import { itemStockChanged, replenishmentRequested, stockMoved, storeStockChanged } from './eda.retail.v1.ts';

export {
  ITEM_STOCK_CHANGED_FINGERPRINT,
  ITEM_STOCK_CHANGED_SCHEMA,
  MOVEMENT_REASONS,
  REPLENISHMENT_REQUESTED_FINGERPRINT,
  REPLENISHMENT_REQUESTED_SCHEMA,
  STOCK_MOVED_FINGERPRINT,
  STOCK_MOVED_SCHEMA,
  STORE_STOCK_CHANGED_FINGERPRINT,
  STORE_STOCK_CHANGED_SCHEMA,
  itemStockChanged,
  replenishmentRequested,
  stockMoved,
  storeStockChanged,
  type ItemStockChanged,
  type ItemStockChangedInput,
  type MovementReason,
  type ReplenishmentRequested,
  type ReplenishmentRequestedInput,
  type StockMoved,
  type StockMovedInput,
  type StoreStockChanged,
  type StoreStockChangedInput,
} from './eda.retail.v1.ts';
export { SCHEMAS } from './schemas.ts';
export { TOPICS } from './topics.ts';
export { TOPOLOGY } from './topology.ts';

/** The contracts of all events. */
export const EVENTS: readonly AnyEventContract[] = [
  itemStockChanged,
  replenishmentRequested,
  stockMoved,
  storeStockChanged,
];
