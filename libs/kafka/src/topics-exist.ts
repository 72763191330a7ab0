import type { Logger } from 'pino';
import { pause } from './backoff.ts';
import type { ClientAdmin } from './client-types.ts';
import { AccessDenied, describeError } from './errors.ts';

const POLL_MS = 500;
const REMIND_EVERY_MS = 30_000;

/**
 * True when every topic exists; false when `signal` is aborted first. Rejects with `AccessDenied`; an outage is waited for. Takes
 * `admin` over, and tells `onWait` what is missing.
 */
export async function untilTopicsExist({
  admin,
  topics,
  logger,
  signal,
  onWait,
}: {
  readonly admin: ClientAdmin;
  readonly topics: readonly string[];
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly onWait: (reason: string) => void;
}): Promise<boolean> {
  let remindedAt = 0;
  try {
    while (!signal.aborted) {
      const reason = await whatIsMissing(admin, topics);
      if (reason === undefined) return true;
      onWait(reason);
      if (Date.now() - remindedAt > REMIND_EVERY_MS) {
        logger.warn({ reason }, 'the consumer cannot start yet');
        remindedAt = Date.now();
      }
      await pause(POLL_MS, signal);
    }
    return false;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

async function whatIsMissing(admin: ClientAdmin, topics: readonly string[]): Promise<string | undefined> {
  try {
    await admin.connect();
    const missing: string[] = [];
    for (const topic of topics) if ((await admin.partitionCount(topic)) === undefined) missing.push(topic);
    return missing.length === 0 ? undefined : `waiting for topics that do not exist: ${missing.join(', ')}`;
  } catch (error) {
    if (error instanceof AccessDenied) throw error;
    return `Kafka: ${describeError(error)}`;
  }
}
