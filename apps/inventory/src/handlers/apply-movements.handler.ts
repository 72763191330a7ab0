/** Movements change the stock of their stores and of their items; the new states are told to the world. */
import { itemStockChanged, type StockMoved, storeStockChanged } from '@eda/contracts';
import type { BatchHandler, Outbox, ReceivedRecord } from '@eda/kafka';
import { changeItemStocks, changeStoreStocks, stockChange } from '../stock.ts';

/**
 * Returns the handler that applies movements and appends the new states to the outbox: one for each store and each item that
 * changed, however many movements changed it, caused by the last of them.
 *
 * The order of the statements carries two guarantees. A state is appended only while the row it comes from is locked, so
 * that the outbox numbers the states of one store (or item) in the order in which they came about; that is why a store
 * has a row of its own: its state lists all items, and locking one item would not keep another movement of the same
 * store from numbering an older state later. And every transaction locks its stores before its items, each in the order of
 * their names, so that no two of them can wait for each other.
 */
export function applyMovements(outbox: Outbox): BatchHandler<StockMoved> {
  return async (movements, { tx }) => {
    const changes = movements.map(({ data }) => ({
      storeId: data.storeId,
      sku: data.sku,
      change: stockChange(data),
      occurredAt: data.occurredAt,
    }));
    const byStore = lastOf(movements, ({ storeId }) => storeId);
    const bySku = lastOf(movements, ({ sku }) => sku);

    const stores = await changeStoreStocks(tx, changes);
    await outbox.appendMany(
      tx,
      storeStockChanged,
      stores.map(({ state, changedAt }) => ({
        data: state,
        options: { time: changedAt },
        ...causeOf(byStore.get(state.storeId)),
      })),
    );
    const items = await changeItemStocks(tx, changes);
    await outbox.appendMany(
      tx,
      itemStockChanged,
      items.map(({ state, changedAt }) => ({
        data: state,
        options: { time: changedAt },
        ...causeOf(bySku.get(state.sku)),
      })),
    );
  };
}

function lastOf(
  movements: readonly ReceivedRecord<StockMoved>[],
  keyOf: (movement: StockMoved) => string,
): Map<string, ReceivedRecord<StockMoved>> {
  return new Map(movements.map((movement) => [keyOf(movement.data), movement]));
}

function causeOf<T>(cause: T | undefined): { cause?: T } {
  return cause === undefined ? {} : { cause };
}
