/** A movement changes the stock of its store and of its item; both new states are told to the world. */
import { itemStockChanged, type StockMoved, storeStockChanged } from '@eda/contracts';
import type { Handler, Outbox } from '@eda/kafka';
import { changeItemStock, changeStoreStock, stockChange } from '../stock.ts';

/**
 * Returns the handler that applies a movement and appends the new states to the outbox.
 *
 * The order of the four statements carries two guarantees. A state is appended only while the row it comes from is
 * locked, so that the outbox numbers the states of one store (or item) in the order in which they came about; that
 * is why a store has a row of its own: its state lists all items, and locking one item would not keep another
 * movement of the same store from numbering an older state later. And every transaction locks its store before its
 * item, so that no two of them can wait for each other.
 */
export function applyMovement(outbox: Outbox): Handler<StockMoved> {
  return async ({ data: movement }, { tx }) => {
    const { storeId, sku, occurredAt } = movement;
    const change = { change: stockChange(movement), occurredAt };

    const store = await changeStoreStock(tx, storeId, sku, change);
    await outbox.append(tx, storeStockChanged, store.state, { time: store.changedAt });
    const item = await changeItemStock(tx, sku, change);
    await outbox.append(tx, itemStockChanged, item.state, { time: item.changedAt });
  };
}
