/**
 * Certificates for a secured cluster on one machine: an authority, brokers and clients, in PEM. Written here because `keytool`
 * does not give a private key in PEM, and because each of its runs costs a second.
 */
import { generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';

/** Texts in PEM. */
export interface CertificateAndKey {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** The common name; Kafka's user of it is `User:CN=<name>`. */
  readonly name: string;
  /** Host names and IPv4 addresses that the certificate is for; none for a client. */
  readonly hosts?: readonly string[];
  /** 1 day ago and in 30 days when absent. */
  readonly validFrom?: Date;
  readonly validTo?: Date;
}

export interface CertificateAuthority {
  /** In PEM: what others must trust. */
  readonly cert: string;
  /** A new key with a certificate for it, good for brokers and for clients. */
  issue(options: CertificateOptions): CertificateAndKey;
}

const DAY_MS = 86_400_000;
const TAG = { boolean: 0x01, integer: 0x02, bits: 0x03, octets: 0x04, oid: 0x06, utf8: 0x0c, time: 0x18 };
const SEQUENCE = 0x30;
const SET = 0x31;
/** Object identifiers in their encoded form. */
const OID = {
  ecdsaWithSha256: '2a8648ce3d040302',
  commonName: '550403',
  basicConstraints: '551d13',
  keyUsage: '551d0f',
  extendedKeyUsage: '551d25',
  subjectAltName: '551d11',
  serverAuth: '2b06010505070301',
  clientAuth: '2b06010505070302',
};

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const bytes = (...values: number[]) => Buffer.from(values);
const oid = (hex: string) => der(TAG.oid, Buffer.from(hex, 'hex'));
const algorithm = () => der(SEQUENCE, oid(OID.ecdsaWithSha256));
const nameOf = (name: string) =>
  der(SEQUENCE, der(SET, der(SEQUENCE, oid(OID.commonName), der(TAG.utf8, Buffer.from(name)))));
const time = (date: Date) =>
  der(TAG.time, Buffer.from(`${date.toISOString().replace(/\D/g, '').slice(0, 14)}Z`));

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der(TAG.boolean, bytes(0xff))] : [];
  return der(SEQUENCE, oid(id), ...flag, der(TAG.octets, value));
}

function hostNames(hosts: readonly string[]): Buffer {
  const isAddress = (host: string) => /^\d+\.\d+\.\d+\.\d+$/.test(host);
  return der(
    SEQUENCE,
    ...hosts.map((host) =>
      isAddress(host) ? der(0x87, bytes(...host.split('.').map(Number))) : der(0x82, Buffer.from(host)),
    ),
  );
}

function leafExtensions(hosts: readonly string[]): Buffer[] {
  return [
    extension(OID.keyUsage, true, der(TAG.bits, bytes(7, 0x80))),
    extension(OID.extendedKeyUsage, false, der(SEQUENCE, oid(OID.serverAuth), oid(OID.clientAuth))),
    ...(hosts.length > 0 ? [extension(OID.subjectAltName, false, hostNames(hosts))] : []),
  ];
}

function authorityExtensions(): Buffer[] {
  return [
    extension(OID.basicConstraints, true, der(SEQUENCE, der(TAG.boolean, bytes(0xff)))),
    extension(OID.keyUsage, true, der(TAG.bits, bytes(1, 0x06))),
  ];
}

interface Signing {
  readonly issuer: string;
  readonly issuerKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

function certificate(options: CertificateOptions, publicKey: KeyObject, signing: Signing): string {
  const { name, validFrom = new Date(Date.now() - DAY_MS) } = options;
  const { validTo = new Date(Date.now() + 30 * DAY_MS) } = options;
  const content = der(
    SEQUENCE,
    der(0xa0, der(TAG.integer, bytes(2))),
    // Positive and never with a superfluous zero in front.
    der(TAG.integer, Buffer.concat([bytes(0x40), randomBytes(15)])),
    algorithm(),
    nameOf(signing.issuer),
    der(SEQUENCE, time(validFrom), time(validTo)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, ...signing.extensions)),
  );
  const signature = sign('sha256', content, signing.issuerKey);
  const whole = der(SEQUENCE, content, algorithm(), der(TAG.bits, bytes(0), signature));
  return new X509Certificate(whole).toString();
}

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** Returns a new authority that nobody trusts yet. */
export function createCertificateAuthority(name: string): CertificateAuthority {
  const own = newKeys();
  const cert = certificate({ name }, own.publicKey, {
    issuer: name,
    issuerKey: own.privateKey,
    extensions: authorityExtensions(),
  });
  return {
    cert,
    issue(options) {
      const keys = newKeys();
      return {
        cert: certificate(options, keys.publicKey, {
          issuer: name,
          issuerKey: own.privateKey,
          extensions: leafExtensions(options.hosts ?? []),
        }),
        key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      };
    },
  };
}
