// Generated from schemas/ and apps/*/asyncapi.yaml by `npm run generate`. Do not edit.
import type { TopicDefinition } from '../topics.ts';

/** All topics, those for dead letters included, with everything a broker must be told to create them. */
export const TOPICS: readonly TopicDefinition[] = [
  {
    name: 'retail.item-stock.v1',
    kind: 'state',
    owner: 'inventory',
    partitions: 3,
    config: {
      'cleanup.policy': 'compact',
    },
    description: 'The stock of each item over all stores, newest record per item.',
    subject: 'retail.item-stock.v1-value',
    type: 'eda.retail.v1.ItemStockChanged',
    key: 'sku',
  },
  {
    name: 'retail.item-stock.v1.replenishment.dlq',
    kind: 'dead-letter',
    owner: 'replenishment',
    partitions: 1,
    config: {
      'max.message.bytes': '1114124',
      'cleanup.policy': 'delete',
      'retention.ms': '1209600000',
    },
    description: 'Dead letters of the group replenishment, kept for 14 days.',
    deadLetterOf: {
      topic: 'retail.item-stock.v1',
      group: 'replenishment',
    },
  },
  {
    name: 'retail.replenishment-requested.v1',
    kind: 'event',
    owner: 'replenishment',
    partitions: 3,
    config: {
      'cleanup.policy': 'delete',
      'retention.ms': '2592000000',
    },
    description: 'Every request for new pieces of an item that ran low.',
    subject: 'retail.replenishment-requested.v1-value',
    type: 'eda.retail.v1.ReplenishmentRequested',
    key: 'sku',
  },
  {
    name: 'retail.stock-moved.v1',
    kind: 'event',
    owner: 'store',
    partitions: 6,
    config: {
      'cleanup.policy': 'delete',
      'retention.ms': '604800000',
    },
    description: 'Every sale and every restock of one item in one store, in the order of the store.',
    subject: 'retail.stock-moved.v1-value',
    type: 'eda.retail.v1.StockMoved',
    key: 'storeId',
  },
  {
    name: 'retail.stock-moved.v1.inventory.dlq',
    kind: 'dead-letter',
    owner: 'inventory',
    partitions: 1,
    config: {
      'max.message.bytes': '1114124',
      'cleanup.policy': 'delete',
      'retention.ms': '1209600000',
    },
    description: 'Dead letters of the group inventory, kept for 14 days.',
    deadLetterOf: {
      topic: 'retail.stock-moved.v1',
      group: 'inventory',
    },
  },
  {
    name: 'retail.store-stock.v1',
    kind: 'state',
    owner: 'inventory',
    partitions: 3,
    config: {
      'cleanup.policy': 'compact',
    },
    description: 'The stock of each store, newest record per store.',
    subject: 'retail.store-stock.v1-value',
    type: 'eda.retail.v1.StoreStockChanged',
    key: 'storeId',
  },
];
