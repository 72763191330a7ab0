// Generated from schemas/ and apps/*/asyncapi.yaml by `npm run generate`. Do not edit.
import type { EventContract } from '../event-contract.ts';

/**
 * The stock of one item over all stores after a movement. State: the newest record of an item replaces all
 * earlier ones.
 */
export interface ItemStockChanged {
  /** The item (stock keeping unit), for example Item_1. Also the record key. */
  readonly sku: string;
  /** Pieces of this item over all stores. Below zero when more was sold than was recorded as restocked. */
  readonly stock: number;
  /** When the newest movement in this figure occurred; UTC, milliseconds. */
  readonly asOf: Date;
}

/** ItemStockChanged as it may be written: fields that have a default can be left out. */
export type ItemStockChangedInput = ItemStockChanged;

/** Schema of ItemStockChanged as it is registered. */
export const ITEM_STOCK_CHANGED_SCHEMA =
  '{"type":"record","name":"ItemStockChanged","namespace":"eda.retail.v1","doc":"The stock of one item over all stores after a movement. State: the newest record of an item replaces all earlier ones.","fields":[{"name":"sku","type":"string","doc":"The item (stock keeping unit), for example Item_1. Also the record key."},{"name":"stock","type":"long","doc":"Pieces of this item over all stores. Below zero when more was sold than was recorded as restocked."},{"name":"asOf","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When the newest movement in this figure occurred; UTC, milliseconds."}]}';

/** SHA-256 of the Parsing Canonical Form of the schema of ItemStockChanged. */
export const ITEM_STOCK_CHANGED_FINGERPRINT =
  '5153bc76b5cc8301791a05fe7c9547bf9e21ba38f024d076242022eccde92c50';

/** The stock of each item over all stores, newest record per item. */
export const itemStockChanged: EventContract<ItemStockChanged, ItemStockChangedInput> = {
  type: 'eda.retail.v1.ItemStockChanged',
  topic: 'retail.item-stock.v1',
  subject: 'retail.item-stock.v1-value',
  kind: 'state',
  schema: ITEM_STOCK_CHANGED_SCHEMA,
  fingerprint: ITEM_STOCK_CHANGED_FINGERPRINT,
  key: (data) => data.sku,
};

/** The stock of one item over all stores fell under its threshold and new pieces were asked for. */
export interface ReplenishmentRequested {
  /** The item (stock keeping unit), for example Item_1. Also the record key. */
  readonly sku: string;
  /** Pieces over all stores at the time of the request. */
  readonly stock: number;
  /** Pieces under which the item is replenished. */
  readonly threshold: number;
  /** How many pieces are requested; always greater than zero. */
  readonly quantity: number;
  /** When the request was made; UTC, milliseconds. */
  readonly requestedAt: Date;
}

/** ReplenishmentRequested as it may be written: fields that have a default can be left out. */
export type ReplenishmentRequestedInput = ReplenishmentRequested;

/** Schema of ReplenishmentRequested as it is registered. */
export const REPLENISHMENT_REQUESTED_SCHEMA =
  '{"type":"record","name":"ReplenishmentRequested","namespace":"eda.retail.v1","doc":"The stock of one item over all stores fell under its threshold and new pieces were asked for.","fields":[{"name":"sku","type":"string","doc":"The item (stock keeping unit), for example Item_1. Also the record key."},{"name":"stock","type":"long","doc":"Pieces over all stores at the time of the request."},{"name":"threshold","type":"long","doc":"Pieces under which the item is replenished."},{"name":"quantity","type":"long","doc":"How many pieces are requested; always greater than zero."},{"name":"requestedAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When the request was made; UTC, milliseconds."}]}';

/** SHA-256 of the Parsing Canonical Form of the schema of ReplenishmentRequested. */
export const REPLENISHMENT_REQUESTED_FINGERPRINT =
  '678a6bf742900d824ea3cf3f728354dbfb2d37f692a6b0d2a1ee7d0cd6206d66';

/** Every request for new pieces of an item that ran low. */
export const replenishmentRequested: EventContract<ReplenishmentRequested, ReplenishmentRequestedInput> = {
  type: 'eda.retail.v1.ReplenishmentRequested',
  topic: 'retail.replenishment-requested.v1',
  subject: 'retail.replenishment-requested.v1-value',
  kind: 'event',
  schema: REPLENISHMENT_REQUESTED_SCHEMA,
  fingerprint: REPLENISHMENT_REQUESTED_FINGERPRINT,
  key: (data) => data.sku,
};

/** All symbols of MovementReason, in the order of the schema. */
export const MOVEMENT_REASONS = ['UNKNOWN', 'SALE', 'RESTOCK'] as const;

/** Why an item moved, which also says in which direction. */
export type MovementReason = (typeof MOVEMENT_REASONS)[number];

/**
 * One item was sold or restocked in one store. The stream of these movements is the only source of stock
 * figures.
 */
export interface StockMoved {
  /**
   * The store in which the item moved, for example Store_1. Also the record key: movements of a store stay in
   * order.
   */
  readonly storeId: string;
  /** The item that moved (stock keeping unit), for example Item_1. */
  readonly sku: string;
  /** How many pieces moved; always greater than zero, the reason says in which direction. */
  readonly quantity: number;
  /**
   * SALE takes pieces out of the store, RESTOCK brings pieces in. UNKNOWN is what an older reader sees of a
   * reason added later; it is never sent.
   */
  readonly reason: MovementReason;
  /**
   * Price of one piece in the currency of the store, with two decimals; null when it is not known. Decimal
   * number as a string: at most 12 digits, 2 of them after the point.
   */
  readonly unitPrice: string | null;
  /** When the item moved, by the clock of the store; UTC, milliseconds. */
  readonly occurredAt: Date;
}

/** StockMoved as it may be written: fields that have a default can be left out. */
export interface StockMovedInput {
  /**
   * The store in which the item moved, for example Store_1. Also the record key: movements of a store stay in
   * order.
   */
  readonly storeId: string;
  /** The item that moved (stock keeping unit), for example Item_1. */
  readonly sku: string;
  /** How many pieces moved; always greater than zero, the reason says in which direction. */
  readonly quantity: number;
  /**
   * SALE takes pieces out of the store, RESTOCK brings pieces in. UNKNOWN is what an older reader sees of a
   * reason added later; it is never sent.
   */
  readonly reason: MovementReason;
  /**
   * Price of one piece in the currency of the store, with two decimals; null when it is not known. Decimal
   * number as a string: at most 12 digits, 2 of them after the point.
   */
  readonly unitPrice?: string | null | undefined;
  /** When the item moved, by the clock of the store; UTC, milliseconds. */
  readonly occurredAt: Date;
}

/** Schema of StockMoved as it is registered. */
export const STOCK_MOVED_SCHEMA =
  '{"type":"record","name":"StockMoved","namespace":"eda.retail.v1","doc":"One item was sold or restocked in one store. The stream of these movements is the only source of stock figures.","fields":[{"name":"storeId","type":"string","doc":"The store in which the item moved, for example Store_1. Also the record key: movements of a store stay in order."},{"name":"sku","type":"string","doc":"The item that moved (stock keeping unit), for example Item_1."},{"name":"quantity","type":"int","doc":"How many pieces moved; always greater than zero, the reason says in which direction."},{"name":"reason","type":{"type":"enum","name":"MovementReason","doc":"Why an item moved, which also says in which direction.","symbols":["UNKNOWN","SALE","RESTOCK"],"default":"UNKNOWN"},"doc":"SALE takes pieces out of the store, RESTOCK brings pieces in. UNKNOWN is what an older reader sees of a reason added later; it is never sent."},{"name":"unitPrice","type":["null",{"type":"bytes","logicalType":"decimal","precision":12,"scale":2}],"default":null,"doc":"Price of one piece in the currency of the store, with two decimals; null when it is not known."},{"name":"occurredAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When the item moved, by the clock of the store; UTC, milliseconds."}]}';

/** SHA-256 of the Parsing Canonical Form of the schema of StockMoved. */
export const STOCK_MOVED_FINGERPRINT = '099aa40243cd9f27dcf81ca086216bdd38149b6651f29a50873a0208aef17839';

/** Every sale and every restock of one item in one store, in the order of the store. */
export const stockMoved: EventContract<StockMoved, StockMovedInput> = {
  type: 'eda.retail.v1.StockMoved',
  topic: 'retail.stock-moved.v1',
  subject: 'retail.stock-moved.v1-value',
  kind: 'event',
  schema: STOCK_MOVED_SCHEMA,
  fingerprint: STOCK_MOVED_FINGERPRINT,
  key: (data) => data.storeId,
};

/**
 * The stock of every item of one store after a movement. State: the newest record of a store replaces all
 * earlier ones.
 */
export interface StoreStockChanged {
  /** The store, for example Store_1. Also the record key. */
  readonly storeId: string;
  /**
   * Pieces in this store by item (sku), for every item that ever moved in it. Below zero when more was sold
   * than was recorded as restocked.
   */
  readonly stock: Readonly<Record<string, number>>;
  /** When the newest movement in these figures occurred; UTC, milliseconds. */
  readonly asOf: Date;
}

/** StoreStockChanged as it may be written: fields that have a default can be left out. */
export type StoreStockChangedInput = StoreStockChanged;

/** Schema of StoreStockChanged as it is registered. */
export const STORE_STOCK_CHANGED_SCHEMA =
  '{"type":"record","name":"StoreStockChanged","namespace":"eda.retail.v1","doc":"The stock of every item of one store after a movement. State: the newest record of a store replaces all earlier ones.","fields":[{"name":"storeId","type":"string","doc":"The store, for example Store_1. Also the record key."},{"name":"stock","type":{"type":"map","values":"long"},"doc":"Pieces in this store by item (sku), for every item that ever moved in it. Below zero when more was sold than was recorded as restocked."},{"name":"asOf","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When the newest movement in these figures occurred; UTC, milliseconds."}]}';

/** SHA-256 of the Parsing Canonical Form of the schema of StoreStockChanged. */
export const STORE_STOCK_CHANGED_FINGERPRINT =
  'e359ad1a9a1fcd6b55f99cf1c3393203f571ea6d4e7e1bf2fdb6f8f5b6ef17be';

/** The stock of each store, newest record per store. */
export const storeStockChanged: EventContract<StoreStockChanged, StoreStockChangedInput> = {
  type: 'eda.retail.v1.StoreStockChanged',
  topic: 'retail.store-stock.v1',
  subject: 'retail.store-stock.v1-value',
  kind: 'state',
  schema: STORE_STOCK_CHANGED_SCHEMA,
  fingerprint: STORE_STOCK_CHANGED_FINGERPRINT,
  key: (data) => data.storeId,
};
