import { HandlerTimeout, TransientError } from './errors.ts';

/** How late a deadline may be noticed. One clock for all handlers: a timer for each would cost more than most of them. */
const TICK_MS = 20;

/** A handler at work, and its time. */
export class Deadline {
  readonly #timeoutMs: number;
  #endsAt: number;
  readonly #abandon: AbortSignal;
  readonly #cut: (error: Error) => void;
  #controller: AbortController | undefined;
  #error: Error | undefined;

  constructor(timeoutMs: number, abandon: AbortSignal, cut: (error: Error) => void) {
    this.#timeoutMs = timeoutMs;
    this.#endsAt = performance.now() + timeoutMs;
    this.#abandon = abandon;
    this.#cut = cut;
  }

  /** Aborted when the time is over; made only for who asks. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#error !== undefined) this.#controller.abort(this.#error);
    return this.#controller.signal;
  }

  /** Whether the handler was cut off. */
  get isOver(): boolean {
    return this.#error !== undefined;
  }

  /** For the next handler, which begins at `now` (of `performance.now`) and gets a signal of its own. */
  restart(now: number): void {
    this.#endsAt = now + this.#timeoutMs;
    this.#controller = undefined;
  }

  check(now: number): void {
    if (this.#abandon.aborted)
      this.#end(new TransientError('the partition was taken away', { code: 'PARTITION_LOST' }));
    else if (now >= this.#endsAt)
      this.#end(new HandlerTimeout(`the handler did not settle within ${this.#timeoutMs} ms`));
  }

  #end(error: Error): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    this.#controller?.abort(error);
    this.#cut(error);
  }
}

const running = new Set<Deadline>();
let clock: NodeJS.Timeout | undefined;

function tick(): void {
  const now = performance.now();
  for (const deadline of running) deadline.check(now);
  if (running.size > 0) return;
  clearInterval(clock);
  clock = undefined;
}

/** The deadline is enforced from now on. */
export function watch(deadline: Deadline): void {
  running.add(deadline);
  clock ??= setInterval(tick, TICK_MS);
}

export function stopWatching(deadline: Deadline): void {
  running.delete(deadline);
}

/**
 * Runs `work` with a signal that is aborted after `timeoutMs` or with `abandon`, and then waits no longer: a promise that never
 * settles costs its transaction, not the partition.
 */
export async function withDeadline(
  timeoutMs: number,
  abandon: AbortSignal,
  work: (deadline: Deadline) => Promise<void>,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const deadline = new Deadline(timeoutMs, abandon, reject);
  watch(deadline);
  try {
    // A handler that is not typed may return nothing.
    Promise.resolve(work(deadline)).then(() => {
      resolve(undefined);
    }, reject);
    await promise;
  } finally {
    stopWatching(deadline);
  }
}
