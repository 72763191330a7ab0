import { pause } from './backoff.ts';
import type { CredentialsSource } from './credentials.ts';

/**
 * Resolves after `ms` milliseconds, as soon as the credentials are others than those of `version`, or when `signal` is aborted:
 * who was not let in with the old ones need not wait to try the new ones.
 */
export async function pauseUntilChanged(
  source: CredentialsSource | undefined,
  version: string | undefined,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  if (source === undefined) return pause(ms, signal);
  const changed = new AbortController();
  const forget = source.onChange(() => {
    changed.abort();
  });
  try {
    if (source.current().version === version) await pause(ms, AbortSignal.any([changed.signal, signal]));
  } finally {
    forget();
  }
}
