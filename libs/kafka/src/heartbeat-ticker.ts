import type { FetchedBatch } from './client-types.ts';
import { SessionLost } from './client-types.ts';

export interface HeartbeatTickerOptions {
  readonly intervalMs: number;
  /** How long heartbeats may fail before the batch is given back, so that the client can find its group again. */
  readonly patienceMs: number;
  /** `finish`: complete the record at work, commit and return. `abandon`: the partition belongs to another member. */
  readonly onLost: (what: 'finish' | 'abandon') => void;
}

/** Keeps the group membership alive while records are handled, which kafkajs does only between records. Returns what stops it. */
export function startHeartbeatTicker(
  batch: FetchedBatch,
  { intervalMs, patienceMs, onLost }: HeartbeatTickerOptions,
): () => void {
  let lastSuccess = Date.now();
  const beat = async () => {
    if (!batch.isCurrent()) {
      onLost('finish');
      return;
    }
    try {
      await batch.heartbeat();
      lastSuccess = Date.now();
    } catch (error) {
      if (error instanceof SessionLost) onLost(error.reason === 'expelled' ? 'abandon' : 'finish');
      else if (Date.now() - lastSuccess > patienceMs) onLost('finish');
    }
  };
  const timer = setInterval(() => void beat(), intervalMs);
  return () => {
    clearInterval(timer);
  };
}
