// Generated from schemas/ and apps/*/asyncapi.yaml by `npm run generate`. Do not edit.
import type { Topology } from '../topology.ts';
import { TOPICS } from './topics.ts';

/** All apps with what they send and receive, and all topics. */
export const TOPOLOGY: Topology = {
  apps: [
    {
      name: 'console',
      title: 'Console',
      role: 'observer',
      description: 'Shows the system in a browser, live, and puts dead letters back when asked to.',
      calls: [],
      operations: [
        {
          name: 'observeStockMoved',
          action: 'receive',
          purpose: 'observe',
          topic: 'retail.stock-moved.v1',
          summary: 'Shows movements as they happen.',
        },
        {
          name: 'observeStoreStockChanged',
          action: 'receive',
          purpose: 'observe',
          topic: 'retail.store-stock.v1',
          summary: 'Shows the stock of each store.',
        },
        {
          name: 'observeItemStockChanged',
          action: 'receive',
          purpose: 'observe',
          topic: 'retail.item-stock.v1',
          summary: 'Shows the stock of each item.',
        },
        {
          name: 'observeReplenishmentRequested',
          action: 'receive',
          purpose: 'observe',
          topic: 'retail.replenishment-requested.v1',
          summary: 'Shows requests as they are made.',
        },
        {
          name: 'observeStockMovedDeadLetter',
          action: 'receive',
          purpose: 'observe',
          topic: 'retail.stock-moved.v1.inventory.dlq',
          summary: 'Shows the movements that were set aside, with the reason.',
        },
        {
          name: 'observeItemStockChangedDeadLetter',
          action: 'receive',
          purpose: 'observe',
          topic: 'retail.item-stock.v1.replenishment.dlq',
          summary: 'Shows the stock figures that were set aside, with the reason.',
        },
        {
          name: 'redriveStockMoved',
          action: 'send',
          purpose: 'redrive',
          topic: 'retail.stock-moved.v1',
          summary: 'Puts a movement that was set aside back, unchanged.',
        },
        {
          name: 'redriveItemStockChanged',
          action: 'send',
          purpose: 'redrive',
          topic: 'retail.item-stock.v1',
          summary: 'Puts a stock figure that was set aside back, unchanged.',
        },
        {
          name: 'markStockMovedDeadLetter',
          action: 'send',
          purpose: 'redrive',
          topic: 'retail.stock-moved.v1.inventory.dlq',
          summary: 'Marks a movement as put back.',
        },
        {
          name: 'markItemStockChangedDeadLetter',
          action: 'send',
          purpose: 'redrive',
          topic: 'retail.item-stock.v1.replenishment.dlq',
          summary: 'Marks a stock figure as put back.',
        },
      ],
    },
    {
      name: 'inventory',
      title: 'Inventory',
      role: 'processor',
      description:
        'Keeps the stock of every store and every item from the movements, publishes both and answers queries.',
      calls: [],
      operations: [
        {
          name: 'consumeStockMoved',
          action: 'receive',
          purpose: 'consume',
          topic: 'retail.stock-moved.v1',
          summary: 'Adds every movement to the stock of its store and of its item, each exactly once.',
          group: 'inventory',
          deadLetterTopic: 'retail.stock-moved.v1.inventory.dlq',
        },
        {
          name: 'publishStoreStockChanged',
          action: 'send',
          purpose: 'publish',
          topic: 'retail.store-stock.v1',
          summary: 'Publishes the stock of a store after each of its movements.',
        },
        {
          name: 'publishItemStockChanged',
          action: 'send',
          purpose: 'publish',
          topic: 'retail.item-stock.v1',
          summary: 'Publishes the stock of an item after each of its movements.',
        },
        {
          name: 'setAsideStockMoved',
          action: 'send',
          purpose: 'dead-letter',
          topic: 'retail.stock-moved.v1.inventory.dlq',
          summary: 'Sets movements aside that can never be handled, so that those behind them are.',
        },
      ],
    },
    {
      name: 'replenishment',
      title: 'Replenishment',
      role: 'processor',
      description:
        'Watches the stock of every item and requests new pieces when it falls under the threshold.',
      calls: [],
      operations: [
        {
          name: 'consumeItemStockChanged',
          action: 'receive',
          purpose: 'consume',
          topic: 'retail.item-stock.v1',
          summary: 'Compares the stock of each item with its threshold.',
          group: 'replenishment',
          deadLetterTopic: 'retail.item-stock.v1.replenishment.dlq',
        },
        {
          name: 'publishReplenishmentRequested',
          action: 'send',
          purpose: 'publish',
          topic: 'retail.replenishment-requested.v1',
          summary: 'Publishes one request each time an item falls under its threshold.',
        },
        {
          name: 'setAsideItemStockChanged',
          action: 'send',
          purpose: 'dead-letter',
          topic: 'retail.item-stock.v1.replenishment.dlq',
          summary: 'Sets stock figures aside that can never be handled, so that those behind them are.',
        },
      ],
    },
    {
      name: 'store',
      title: 'Store',
      role: 'producer',
      description: 'Records sales and restocks over HTTP and publishes each as an event.',
      calls: [],
      operations: [
        {
          name: 'publishStockMoved',
          action: 'send',
          purpose: 'publish',
          topic: 'retail.stock-moved.v1',
          summary: 'Publishes every recorded movement, in the order in which the store recorded them.',
        },
      ],
    },
    {
      name: 'store-simulator',
      title: 'Store simulator',
      role: 'driver',
      description:
        'Drives the HTTP interface of the store, with the golden scenario or with random movements.',
      calls: ['store'],
      operations: [],
    },
  ],
  topics: TOPICS,
};
