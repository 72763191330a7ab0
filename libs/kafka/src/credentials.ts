/**
 * What a client needs to be let in by a cluster, and where it comes from. Independent of any Kafka client: whoever makes a
 * connection asks `current()` for it, so that the next connection is made with what is valid then.
 */
import { createHash } from 'node:crypto';

export const SECURITY_PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
export type SecurityProtocol = (typeof SECURITY_PROTOCOLS)[number];

export const SASL_MECHANISMS = ['SCRAM-SHA-512', 'SCRAM-SHA-256'] as const;
export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

/** Texts in PEM; what is absent is Node's default (`ca`: the public authorities) or not used (`cert` and `key`). */
export interface TlsCredentials {
  /** The authorities that may vouch for brokers; several one after another while they are exchanged. */
  readonly ca?: string;
  /** The client's certificate, with its intermediates. */
  readonly cert?: string;
  readonly key?: string;
}

export interface SaslCredentials {
  readonly mechanism: SaslMechanism;
  readonly username: string;
  readonly password: string;
}

/** One complete and consistent set. Never log it: parts of it are secret. */
export interface Credentials {
  /** `host:port`; empty when the source does not know the brokers. */
  readonly brokers: readonly string[];
  readonly protocol: SecurityProtocol;
  /** Present for SSL and SASL_SSL. */
  readonly tls?: TlsCredentials;
  /** Present for SASL_PLAINTEXT and SASL_SSL. */
  readonly sasl?: SaslCredentials;
  /** The earliest moment at which the client's certificate or the last of the authorities is no longer valid. */
  readonly expiresAt?: Date;
  /** Changes with every part of the set and gives none of it away; safe to log and to compare. */
  readonly version: string;
}

/** Credentials that may change while the process runs. */
export interface CredentialsSource {
  /** The newest set that is complete; the same object until it changes. Never throws. */
  current(): Credentials;
  /** Calls `listener` after each change of `current()`; returns what ends that. */
  onChange(listener: (credentials: Credentials) => void): () => void;
  /** Why a newer set is not used, naming what to mend; undefined when `current()` is the newest. */
  problem(): string | undefined;
  /** Stops watching; `current()` stays as it is. */
  close(): void;
}

/** Returns a source that never changes, for credentials that come from elsewhere. */
export function fixedCredentials(credentials: Omit<Credentials, 'version'>): CredentialsSource {
  const set: Credentials = { ...credentials, version: versionOf(JSON.stringify(credentials)) };
  return {
    current: () => set,
    onChange: () => () => undefined,
    problem: () => undefined,
    close: () => undefined,
  };
}

/** Returns a short name for a content that does not give the content away. */
export function versionOf(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}
