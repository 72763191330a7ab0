/**
 * Publishing in order per key, as a caller does it that must not lose an event: what failed is published again before anything
 * newer of the same key.
 */
import type { LoadEvent } from '../load.ts';

interface KeyState {
  inFlight: number;
  /** Sends of several events that are under way: which of them are refused is told when all are decided. */
  groups: number;
  failures: number;
  failed: LoadEvent[];
  waiting: LoadEvent[];
}

export interface KeyOrder {
  /** Sends events, grouped by key, as soon as nothing older of their key waits. */
  offer(events: readonly LoadEvent[]): void;
  /** Events that are offered and not settled. */
  readonly open: number;
  /** Resolves when none is open. */
  idle(): Promise<void>;
}

/** Longer after each failure in a row: a buffer that is full for a minute is not asked a million times. */
const AGAIN_AFTER_MS = 50;
const AGAIN_AFTER_AT_MOST_MS = 1000;

/**
 * `send` sends events of one key and resolves with those that must be sent again; events that are refused for good it
 * leaves out.
 */
export function createKeyOrder(send: (events: readonly LoadEvent[]) => Promise<LoadEvent[]>): KeyOrder {
  const keys = new Map<string, KeyState>();
  let open = 0;
  const idleWaiters = new Set<() => void>();

  const settled = (count: number) => {
    open -= count;
    if (open > 0) return;
    for (const resolve of idleWaiters) resolve();
    idleWaiters.clear();
  };
  const start = (key: string, state: KeyState, events: LoadEvent[]) => {
    state.inFlight += 1;
    if (events.length > 1) state.groups += 1;
    void send(events).then((failed) => {
      state.inFlight -= 1;
      if (events.length > 1) state.groups -= 1;
      settled(events.length - failed.length);
      state.failed.push(...failed);
      if (state.failed.length > 0) {
        if (state.inFlight > 0) return;
        const patience = Math.min(AGAIN_AFTER_AT_MOST_MS, AGAIN_AFTER_MS * 2 ** Math.min(10, state.failures));
        state.failures += 1;
        setTimeout(() => again(key, state), patience);
        return;
      }
      state.failures = 0;
      if (state.inFlight > 0) return;
      if (state.waiting.length > 0) again(key, state);
      else keys.delete(key);
    });
  };
  const again = (key: string, state: KeyState) => {
    const events = [...state.failed, ...state.waiting].sort((a, b) => a.sequence - b.sequence);
    state.failed = [];
    state.waiting = [];
    start(key, state, events);
  };
  return {
    get open() {
      return open;
    },
    offer(events) {
      open += events.length;
      for (const [key, group] of Map.groupBy(events, (event) => event.key)) {
        const state = keys.get(key) ?? { inFlight: 0, groups: 0, failures: 0, failed: [], waiting: [] };
        keys.set(key, state);
        if (state.failed.length > 0 || state.groups > 0 || state.waiting.length > 0)
          state.waiting.push(...group);
        else start(key, state, group);
      }
    },
    async idle() {
      while (open > 0) await new Promise<void>((resolve) => idleWaiters.add(resolve));
    },
  };
}
