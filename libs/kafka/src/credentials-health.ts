import type { KafkaClient } from './client-types.ts';

/** What is in use to be let in, without a secret. */
export interface CredentialsDetail {
  readonly protocol: string;
  readonly version?: string;
  readonly expiresAt?: string;
}

/**
 * Returns what the client is let in with, to be shown. Throws with what to mend while newer credentials are mounted that cannot
 * be used; the older ones still work, so this is nothing to end a process for.
 */
export function credentialsHealth({ credentials }: KafkaClient): CredentialsDetail {
  if (credentials === undefined) return { protocol: 'PLAINTEXT' };
  const problem = credentials.problem();
  if (problem !== undefined) throw new Error(problem);
  const { protocol, version, expiresAt } = credentials.current();
  return { protocol, version, ...(expiresAt && { expiresAt: expiresAt.toISOString() }) };
}
