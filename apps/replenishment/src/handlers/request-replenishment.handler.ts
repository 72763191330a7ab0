/** An item that fell under its threshold is requested once; when it is full again, the request is closed. */
import { type ItemStockChanged, replenishmentRequested } from '@eda/contracts';
import type { Handler, Outbox } from '@eda/kafka';
import { missingPieces, type ReplenishmentPolicy, thresholdOf } from '../policy.ts';
import { closeRequest, countOpenRequests, findRequest, noteLevel, openRequest } from '../requests.ts';

/**
 * The warehouse has as many open requests as it can work on. A business failure: it passes when a request is closed, so the
 * item waits for that, and what is told of it later waits behind.
 */
export class WarehouseBusy extends Error {
  override readonly name = 'WarehouseBusy';
  readonly verdict = 'business';
  readonly code = 'WAREHOUSE_BUSY';
}

/** Returns the handler that opens and closes requests as `policy` says and tells of new ones through the outbox. */
export function requestReplenishment(policy: ReplenishmentPolicy, outbox: Outbox): Handler<ItemStockChanged> {
  return async (record, { tx, logger }) => {
    const { sku, stock } = record.data;
    // A dead letter that is put back comes after newer states; it says nothing about the item any more.
    if (!(await noteLevel(tx, record.data, record.time))) return;

    const quantity = missingPieces(policy, sku, stock);
    if (quantity === 0) return closeRequest(tx, sku);
    if (await findRequest(tx, sku)) return;

    const open = await countOpenRequests(tx);
    if (open >= policy.maxOpenRequests) {
      throw new WarehouseBusy(
        `${sku} needs ${quantity} pieces, but there are as many open requests as may be: ${open}`,
      );
    }
    const request = { sku, stock, threshold: thresholdOf(policy, sku), quantity, requestedAt: new Date() };
    await openRequest(tx, request);
    await outbox.append(tx, replenishmentRequested, request);
    logger.info({ sku, stock, quantity }, 'replenishment requested');
  };
}
