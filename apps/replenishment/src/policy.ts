/** When an item is replenished and how much is asked for. */

export interface ReplenishmentPolicy {
  /** Pieces under which an item is replenished, unless `thresholds` says otherwise. */
  readonly defaultThreshold: number;
  /** By sku. */
  readonly thresholds: ReadonlyMap<string, number>;
  /** Pieces that a replenished item should have. */
  readonly targetStock: number;
  /** How many requests the warehouse works on at a time. */
  readonly maxOpenRequests: number;
}

/** Returns the number of pieces under which `sku` is replenished. */
export function thresholdOf(policy: ReplenishmentPolicy, sku: string): number {
  return policy.thresholds.get(sku) ?? policy.defaultThreshold;
}

/** Returns how many pieces to ask for when an item has `stock`, 0 when it has enough. */
export function missingPieces(policy: ReplenishmentPolicy, sku: string, stock: number): number {
  const threshold = thresholdOf(policy, sku);
  return stock < threshold ? Math.max(policy.targetStock, threshold) - stock : 0;
}

/** A threshold in configuration: `<sku>=<pieces>`. */
export const THRESHOLD_PATTERN = '^.+=[0-9]{1,15}$';

/** Returns thresholds such as `Item_1=20` by sku. Throws an error that names the sku which stands twice. */
export function parseThresholds(texts: readonly string[]): ReadonlyMap<string, number> {
  const thresholds = new Map<string, number>();
  for (const text of texts) {
    const border = text.lastIndexOf('=');
    const sku = text.slice(0, border);
    if (thresholds.has(sku)) throw new Error(`${sku} has two thresholds`);
    thresholds.set(sku, Number(text.slice(border + 1)));
  }
  return thresholds;
}
