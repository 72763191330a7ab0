/** Allows `maxRestarts` restarts within `windowMs`; a consumer that crashes more often is not getting better by restarting. */
export class CrashGuard {
  readonly #maxRestarts: number;
  readonly #windowMs: number;
  #restarts: number[] = [];

  constructor({
    maxRestarts = 10,
    windowMs = 600_000,
  }: { readonly maxRestarts?: number; readonly windowMs?: number } = {}) {
    this.#maxRestarts = maxRestarts;
    this.#windowMs = windowMs;
  }

  /** Counts one restart; false when the budget is used up. */
  allowRestart(now = Date.now()): boolean {
    this.#restarts = this.#restarts.filter((at) => now - at < this.#windowMs);
    if (this.#restarts.length >= this.#maxRestarts) return false;
    this.#restarts.push(now);
    return true;
  }
}
