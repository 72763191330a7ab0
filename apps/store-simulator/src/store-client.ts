/** Records movements over the store API and never gives up on a store that is only away for a while. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Movement {
  readonly storeId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly reason: 'SALE' | 'RESTOCK';
  /** Of one piece, at most two decimals. */
  readonly unitPrice?: number;
}

/** The store understood the movement and refused it: sending it again would be refused again. */
export class MovementRejected extends Error {
  override readonly name = 'MovementRejected';
  readonly status: number;

  constructor(status: number, detail: string) {
    super(`the store refused a movement with ${status}: ${detail}`);
    this.status = status;
  }
}

export interface Retry {
  /** What went wrong, in words. */
  readonly reason: string;
  /** Counted from 1. */
  readonly attempt: number;
  /** Milliseconds until the next try. */
  readonly waitMs: number;
}

export interface RecordOptions {
  /** The same for every try of one movement, which makes sending it again safe. */
  readonly idempotencyKey: string;
  /** Ends the tries: the call rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onRetry?: (retry: Retry) => void;
  readonly backoff?: { readonly initialMs: number; readonly maxMs: number };
}

export interface StoreClient {
  /**
   * Resolves when the store has accepted the movement. Tries again, with back-off and as late as `Retry-After` says,
   * for as long as the store does not answer or answers 408, 425, 429 or 5xx; any other answer rejects with
   * `MovementRejected`.
   */
  record(movement: Movement, options: RecordOptions): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 10_000;
const MAX_RETRY_AFTER_MS = 60_000;

/** Returns a client of the store API at `storeUrl`. */
export function createStoreClient(storeUrl: string): StoreClient {
  async function post(movement: Movement, idempotencyKey: string, stop?: AbortSignal): Promise<Response> {
    const { storeId, ...body } = movement;
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    return fetch(`${storeUrl}/stores/${encodeURIComponent(storeId)}/movements`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
      body: JSON.stringify(body),
      signal: stop ? AbortSignal.any([stop, timeout]) : timeout,
    });
  }

  return {
    async record(movement, { idempotencyKey, signal, onRetry, backoff = { initialMs: 100, maxMs: 10_000 } }) {
      for (let attempt = 1; ; attempt++) {
        signal?.throwIfAborted();
        let reason: string;
        let notBeforeMs = 0;
        try {
          const response = await post(movement, idempotencyKey, signal);
          // The body is read in any case, or the connection would not be used again.
          const text = await response.text();
          if (response.ok) return;
          if (!isWorthAnotherTry(response.status)) throw new MovementRejected(response.status, text);
          reason = `the store answered ${response.status}`;
          notBeforeMs = retryAfterMs(response.headers.get('retry-after'));
        } catch (error) {
          signal?.throwIfAborted();
          if (error instanceof MovementRejected) throw error;
          reason = `the store does not answer: ${reasonOf(error)}`;
        }
        const waitMs = Math.max(
          notBeforeMs,
          jittered(Math.min(backoff.initialMs * 2 ** (attempt - 1), backoff.maxMs)),
        );
        onRetry?.({ reason, attempt, waitMs });
        await sleep(waitMs, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
      }
    },
  };
}

function isWorthAnotherTry(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429;
}

/** Milliseconds of a `Retry-After` header (seconds or a date), 0 when absent or not understood, at most a minute. */
export function retryAfterMs(header: string | null, now = Date.now()): number {
  if (header === null) return 0;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

/** Between half of `ms` and `ms`: many simulators that lost one store do not come back at the same instant. */
function jittered(ms: number): number {
  return ms / 2 + (Math.random() * ms) / 2;
}

/** The cause below fetch's own "fetch failed", for example ECONNREFUSED. */
export function reasonOf(error: unknown): string {
  const cause = (error as { cause?: unknown }).cause;
  const inner = cause instanceof Error ? cause : (error as Error);
  return (inner as { code?: string }).code ?? inner.message;
}
