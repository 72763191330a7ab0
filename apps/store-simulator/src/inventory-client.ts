/** Reads stock from inventory's API. */

export interface InventoryClient {
  /** Stock by item of one store; undefined when inventory has never seen the store. Rejects when it does not answer. */
  storeStock(storeId: string, signal?: AbortSignal): Promise<Record<string, number> | undefined>;
  /** Stock of one item over all stores; undefined when inventory has never seen the item. */
  itemStock(sku: string, signal?: AbortSignal): Promise<number | undefined>;
}

const REQUEST_TIMEOUT_MS = 5_000;

/** Returns a client of the inventory API at `inventoryUrl`. */
export function createInventoryClient(inventoryUrl: string): InventoryClient {
  async function get(path: string, stop?: AbortSignal): Promise<unknown> {
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const response = await fetch(`${inventoryUrl}${path}`, {
      signal: stop ? AbortSignal.any([stop, timeout]) : timeout,
    });
    const text = await response.text();
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`inventory answered ${response.status}`);
    return JSON.parse(text);
  }

  return {
    async storeStock(storeId, signal) {
      const answer = await get(`/stores/${encodeURIComponent(storeId)}/stock`, signal);
      return (answer as { stock: Record<string, number> } | undefined)?.stock;
    },
    async itemStock(sku, signal) {
      const answer = await get(`/items/${encodeURIComponent(sku)}/stock`, signal);
      return (answer as { stock: number } | undefined)?.stock;
    },
  };
}
