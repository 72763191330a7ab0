/** The files of a mounted Secret: which keys are read, and what makes them one set that can work. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type {
  Credentials,
  SaslCredentials,
  SaslMechanism,
  SecurityProtocol,
  TlsCredentials,
} from './credentials.ts';
import { SASL_MECHANISMS, SECURITY_PROTOCOLS, versionOf } from './credentials.ts';
import { CredentialsInvalid } from './errors.ts';

/**
 * The names under which the Strimzi Access Operator writes each value, the first one first; behind them those of a Secret of a
 * KafkaUser where they differ. A KafkaUser's `ca.crt` is not among them: it vouches for clients, not for brokers.
 */
const KEYS = {
  brokers: ['bootstrap.servers', 'bootstrapServers', 'bootstrap-servers'],
  protocol: ['security.protocol', 'securityProtocol'],
  mechanism: ['sasl.mechanism', 'saslMechanism'],
  username: ['username', 'user'],
  password: ['password'],
  jaas: ['sasl.jaas.config'],
  ca: ['ssl.truststore.crt'],
  cert: ['ssl.keystore.crt', 'user.crt'],
  key: ['ssl.keystore.key', 'user.key'],
} as const;

type Key = keyof typeof KEYS;

/** Every file that is read. */
export const CREDENTIAL_FILES: readonly string[] = Object.values(KEYS).flat();

const ADDRESS = /^[^\s:/,]+:[0-9]{1,5}$/;
const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

class FileSet {
  readonly problems: string[] = [];
  readonly #files: ReadonlyMap<string, string>;

  constructor(files: ReadonlyMap<string, string>) {
    this.#files = files;
  }

  /** The file that is there for this value, or the name it should have. */
  name(key: Key): string {
    return KEYS[key].find((name) => this.#files.has(name)) ?? KEYS[key][0];
  }

  has(key: Key): boolean {
    return this.#files.has(this.name(key));
  }

  /** The content without the line ends that editors and `echo` add; undefined when there is no such file. */
  get(key: Key): string | undefined {
    const text = this.#files.get(this.name(key))?.trim();
    if (text === '') this.#empty(key);
    return text === '' ? undefined : text;
  }

  /** As `get`, and a problem when there is nothing. */
  require(key: Key, why: string, fix: string): string {
    if (!this.has(key)) this.problems.push(`${this.name(key)} is missing: ${why}; ${fix}`);
    return this.get(key) ?? '';
  }

  #empty(key: Key): void {
    const problem = `${this.name(key)} is empty: give it a value in the Secret or leave it out`;
    if (!this.problems.includes(problem)) this.problems.push(problem);
  }
}

/**
 * Returns the set that the files make up. Throws `CredentialsInvalid` with every problem: a missing, empty or unreadable file,
 * files that contradict each other, a key that does not belong to its certificate, certificates that are no longer valid.
 */
export function readCredentials(files: ReadonlyMap<string, string>, now = new Date()): Credentials {
  const set = new FileSet(files);
  const protocol = protocolOf(set);
  const brokers = brokersOf(set);
  const dates: Date[] = [];
  const tls =
    protocol === 'SSL' || protocol === 'SASL_SSL' ? tlsOf(set, now, (date) => dates.push(date)) : undefined;
  const sasl = protocol?.startsWith('SASL_') ? saslOf(set) : undefined;
  if (protocol === 'SSL' || protocol === 'PLAINTEXT') {
    if (set.has('password'))
      set.problems.push(
        `${set.name('password')} would not be used: ${set.name('protocol')} says ${protocol}; choose a SASL_SSL listener or remove the password`,
      );
  }
  if (protocol === 'PLAINTEXT' || protocol === 'SASL_PLAINTEXT') {
    for (const key of ['cert', 'key'] as const) {
      if (set.has(key))
        set.problems.push(
          `${set.name(key)} would not be used: ${set.name('protocol')} says ${protocol}; choose a TLS listener or remove the file`,
        );
    }
  }
  if (set.problems.length > 0 || protocol === undefined) throw new CredentialsInvalid(set.problems);
  const expiresAt = dates.sort((a, b) => a.getTime() - b.getTime())[0];
  const content = [...files].sort(([a], [b]) => a.localeCompare(b));
  return {
    brokers,
    protocol,
    ...(tls && { tls }),
    ...(sasl && { sasl }),
    ...(expiresAt && { expiresAt }),
    version: versionOf(JSON.stringify(content)),
  };
}

/** A KafkaUser's own Secret does not name the protocol; what it holds does. */
function protocolOf(set: FileSet): SecurityProtocol | undefined {
  const text = set.get('protocol')?.toUpperCase();
  if (text === undefined) {
    if (set.has('protocol')) return undefined;
    if (set.has('password')) return 'SASL_SSL';
    if (set.has('cert') || set.has('ca')) return 'SSL';
    set.problems.push(
      `${set.name('protocol')} is missing: one of ${SECURITY_PROTOCOLS.join(', ')}; is this the folder in which the Secret is mounted?`,
    );
    return undefined;
  }
  const protocol = SECURITY_PROTOCOLS.find((known) => known === text);
  if (protocol === undefined)
    set.problems.push(
      `${set.name('protocol')} is not known: expected one of ${SECURITY_PROTOCOLS.join(', ')}`,
    );
  return protocol;
}

function brokersOf(set: FileSet): readonly string[] {
  const brokers = (set.get('brokers') ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
  const wrong = brokers.filter((address) => !ADDRESS.test(address));
  if (wrong.length > 0)
    set.problems.push(
      `${set.name('brokers')} has ${wrong.join(', ')}: expected host:port, separated by commas`,
    );
  return brokers;
}

function saslOf(set: FileSet): SaslCredentials {
  const given = set.get('mechanism')?.toUpperCase();
  const mechanism: SaslMechanism | undefined =
    given === undefined ? 'SCRAM-SHA-512' : SASL_MECHANISMS.find((known) => known === given);
  if (mechanism === undefined)
    set.problems.push(
      `${set.name('mechanism')} is not supported: expected one of ${SASL_MECHANISMS.join(', ')}; use a KafkaUser with authentication scram-sha-512`,
    );
  const fromJaas = /username="((?:[^"\\]|\\.)*)"/.exec(set.get('jaas') ?? '')?.[1];
  return {
    mechanism: mechanism ?? 'SCRAM-SHA-512',
    username:
      !set.has('username') && fromJaas !== undefined
        ? fromJaas
        : set.require('username', 'SASL needs who logs in', 'give the KafkaAccess a user'),
    password: set.require(
      'password',
      'SASL needs the password',
      'use a KafkaUser with authentication scram-sha-512',
    ),
  };
}

function tlsOf(set: FileSet, now: Date, expires: (date: Date) => void): TlsCredentials {
  const ca = set.get('ca');
  if (ca !== undefined) {
    const authorities = certificatesIn(set, 'ca', ca);
    const last = authorities
      .map(({ validToDate }) => validToDate)
      .sort((a, b) => b.getTime() - a.getTime())[0];
    if (last !== undefined) {
      // One authority that has run out does no harm beside one that has not: that is how they are exchanged.
      if (last < now)
        set.problems.push(
          `${set.name('ca')} has expired (${last.toISOString()}): renew the cluster's authority`,
        );
      expires(last);
    }
  }
  if (!set.has('cert') && !set.has('key')) return ca === undefined ? {} : { ca };
  const fix = 'a client certificate needs both; use a KafkaUser with authentication tls, or leave both out';
  const cert = set.require('cert', `${set.name('key')} is there`, fix);
  const key = set.require('key', `${set.name('cert')} is there`, fix);
  const [own] = cert === '' ? [] : certificatesIn(set, 'cert', cert);
  if (own !== undefined && key !== '') checkPair(set, own, key, now);
  if (own !== undefined) expires(own.validToDate);
  return { ...(ca !== undefined && { ca }), cert, key };
}

function certificatesIn(set: FileSet, key: Key, pem: string): X509Certificate[] {
  try {
    const certificates = (pem.match(PEM_BLOCK) ?? []).map((block) => new X509Certificate(block));
    if (certificates.length > 0) return certificates;
  } catch {
    // Said below, in our words: those of OpenSSL help nobody.
  }
  set.problems.push(`${set.name(key)} is not a certificate in PEM: expected -----BEGIN CERTIFICATE-----`);
  return [];
}

function checkPair(set: FileSet, certificate: X509Certificate, pem: string, now: Date): void {
  let belongs: boolean;
  try {
    belongs = certificate.checkPrivateKey(createPrivateKey(pem));
  } catch {
    set.problems.push(`${set.name('key')} is not a private key in PEM without a password`);
    return;
  }
  if (!belongs)
    set.problems.push(
      `${set.name('key')} does not belong to ${set.name('cert')}: renew both together, in one change of the Secret`,
    );
  if (certificate.validToDate < now)
    set.problems.push(
      `${set.name('cert')} has expired (${certificate.validToDate.toISOString()}): renew the KafkaUser's certificate`,
    );
}
