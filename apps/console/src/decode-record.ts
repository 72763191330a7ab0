/** Decodes a record, or finds out why that is impossible. */
import type { EventCodec, EventContract, EventEnvelope, RawRecord } from '@eda/kafka';
import { retryUntilDone } from '@eda/service';

/** The event in a record, or the reason why there is none. */
export type Decoded = EventEnvelope<unknown> | Error;

/** A registry that is away for longer than this is not waited for: people want to see that something arrived. */
const PATIENCE_MS = 30_000;

/**
 * Returns the event or the error; a promise only when the registry has to be asked, which is tried again for
 * `patienceMs` (default 30 s) while it does not answer.
 */
export function decodeRecord(
  codec: EventCodec,
  contract: EventContract<unknown>,
  record: RawRecord,
  patienceMs = PATIENCE_MS,
): Decoded | Promise<Decoded> {
  try {
    const decoded = codec.decode(contract, record);
    return decoded instanceof Promise
      ? patiently(decoded, () => codec.decode(contract, record), patienceMs)
      : decoded;
  } catch (error) {
    return toError(error);
  }
}

async function patiently(
  first: Promise<EventEnvelope<unknown>>,
  again: () => EventEnvelope<unknown> | Promise<EventEnvelope<unknown>>,
  patienceMs: number,
): Promise<Decoded> {
  let reason: unknown;
  const remember = (error: unknown): never => {
    reason = error;
    throw error;
  };
  let attempt = (): Promise<EventEnvelope<unknown>> => first;
  try {
    return await retryUntilDone(
      () => {
        const tried = attempt();
        attempt = async () => again();
        return tried.catch(remember);
      },
      { isTransient, signal: AbortSignal.timeout(patienceMs) },
    );
  } catch {
    return toError(reason);
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof Error && 'verdict' in error && error.verdict === 'transient';
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
