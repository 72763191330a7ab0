import { createCertificateAuthority } from '@eda/testing';
import { expect, it } from 'vitest';
import { readCredentials } from './credentials-files.ts';
import { CredentialsInvalid } from './errors.ts';

const cluster = createCertificateAuthority('cluster-ca');
const clients = createCertificateAuthority('clients-ca');
const PASSWORD = 'a-secret-that-must-not-be-shown';
const DAY_MS = 86_400_000;

const scram = {
  'bootstrap.servers': 'kafka-0:9093,kafka-1:9093',
  'security.protocol': 'SASL_SSL',
  'sasl.mechanism': 'SCRAM-SHA-512',
  username: 'store',
  password: PASSWORD,
  'ssl.truststore.crt': cluster.cert,
};

function mtls() {
  const { cert, key } = clients.issue({ name: 'store' });
  return {
    'bootstrap.servers': 'kafka:9093',
    'security.protocol': 'SSL',
    'ssl.truststore.crt': cluster.cert,
    'ssl.keystore.crt': cert,
    'ssl.keystore.key': key,
  };
}

const read = (files: Record<string, string>) => readCredentials(new Map(Object.entries(files)));

function problemsOf(files: Record<string, string>): readonly string[] {
  try {
    read(files);
  } catch (error) {
    if (error instanceof CredentialsInvalid) return error.problems;
    throw error;
  }
  throw new Error('the files were taken');
}

function without(files: Record<string, string>, ...names: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([name]) => !names.includes(name)));
}

it('reads a Secret of the Access Operator with a password', () => {
  expect(read(scram)).toMatchObject({
    brokers: ['kafka-0:9093', 'kafka-1:9093'],
    protocol: 'SASL_SSL',
    tls: { ca: cluster.cert.trim() },
    sasl: { mechanism: 'SCRAM-SHA-512', username: 'store', password: PASSWORD },
  });
});

it('reads a Secret of the Access Operator with a client certificate, and knows when it ends', () => {
  const validTo = new Date(Math.ceil(Date.now() / 1000) * 1000 + DAY_MS);
  const { cert, key } = clients.issue({ name: 'store', validTo });
  const credentials = read({ ...mtls(), 'ssl.keystore.crt': cert, 'ssl.keystore.key': key });
  expect(credentials).toMatchObject({ protocol: 'SSL', tls: { cert: cert.trim(), key: key.trim() } });
  expect(credentials.sasl).toBeUndefined();
  expect(credentials.expiresAt).toEqual(validTo);
});

it('reads a Secret of a KafkaUser, whose names and whose user stand elsewhere', () => {
  const jaas = `org.apache.kafka.common.security.scram.ScramLoginModule required username="store" password="${PASSWORD}";`;
  expect(read({ password: PASSWORD, 'sasl.jaas.config': jaas })).toMatchObject({
    brokers: [],
    protocol: 'SASL_SSL',
    sasl: { username: 'store', password: PASSWORD },
  });
  const { cert, key } = clients.issue({ name: 'store' });
  const certificate = read({ 'user.crt': cert, 'user.key': key, 'ca.crt': clients.cert });
  expect(certificate).toMatchObject({ protocol: 'SSL', tls: { cert: cert.trim() } });
  expect(certificate.tls?.ca).toBeUndefined();
});

it('takes no notice of line ends around a value', () => {
  const files = Object.entries(scram).map(([name, text]) => [name, `${text}\n`]);
  expect(read(Object.fromEntries(files) as Record<string, string>).sasl?.password).toBe(PASSWORD);
});

it.each([
  ['a folder without anything', {}, /^security.protocol is missing: .*mounted\?$/],
  [
    'an unknown protocol',
    { ...scram, 'security.protocol': 'TLS' },
    /^security.protocol is not known: .*SASL_SSL/,
  ],
  [
    'a broker without a port',
    { ...scram, 'bootstrap.servers': 'kafka' },
    /^bootstrap.servers has kafka: .*host:port/,
  ],
  ['no password', without(scram, 'password'), /^password is missing: .*scram-sha-512$/],
  ['an empty password', { ...scram, password: '\n' }, /^password is empty/],
  ['no user', without(scram, 'username'), /^username is missing: .*KafkaAccess/],
  [
    'another mechanism',
    { ...scram, 'sasl.mechanism': 'PLAIN' },
    /^sasl.mechanism is not supported: .*SCRAM-SHA-512/,
  ],
  [
    'a password that is not used',
    { ...scram, 'security.protocol': 'SSL' },
    /^password would not be used: .*SASL_SSL/,
  ],
  [
    'a certificate that is not used',
    { ...without(mtls(), 'ssl.keystore.key'), 'security.protocol': 'PLAINTEXT' },
    /^ssl.keystore.crt would not be used/,
  ],
  ['no key', without(mtls(), 'ssl.keystore.key'), /^ssl.keystore.key is missing: ssl.keystore.crt is there/],
  [
    'no certificate',
    without(mtls(), 'ssl.keystore.crt'),
    /^ssl.keystore.crt is missing: ssl.keystore.key is there/,
  ],
  [
    'a key that is none',
    { ...mtls(), 'ssl.keystore.key': PASSWORD },
    /^ssl.keystore.key is not a private key in PEM/,
  ],
  [
    'the key of another certificate',
    { ...mtls(), 'ssl.keystore.key': clients.issue({ name: 'store' }).key },
    /^ssl.keystore.key does not belong to ssl.keystore.crt/,
  ],
  [
    'an authority that is none',
    { ...scram, 'ssl.truststore.crt': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
    /^ssl.truststore.crt is not a certificate in PEM/,
  ],
])('says which file is wrong and what to do: %s', (_what, files, problem) => {
  expect(problemsOf(files)).toEqual([expect.stringMatching(problem)]);
});

it('refuses certificates that have expired', () => {
  const past = { validFrom: new Date(Date.now() - 2 * DAY_MS), validTo: new Date(Date.now() - DAY_MS) };
  const { cert, key } = clients.issue({ name: 'store', ...past });
  expect(problemsOf({ ...mtls(), 'ssl.keystore.crt': cert, 'ssl.keystore.key': key })).toEqual([
    expect.stringMatching(/^ssl.keystore.crt has expired/),
  ]);
  const expired = clients.issue({ name: 'old-ca', ...past }).cert;
  expect(problemsOf({ ...scram, 'ssl.truststore.crt': expired })).toEqual([
    expect.stringMatching(/^ssl.truststore.crt has expired/),
  ]);
  // Beside one that is valid an expired authority is the normal end of an exchange.
  expect(read({ ...scram, 'ssl.truststore.crt': expired + cluster.cert }).protocol).toBe('SASL_SSL');
});

it('names every problem at once and never a secret', () => {
  const problems = problemsOf({
    'security.protocol': 'SASL_SSL',
    'ssl.keystore.key': PASSWORD,
    password: PASSWORD,
  });
  expect(problems).toHaveLength(2);
  expect(problems.join()).toMatch(/username.*|ssl.keystore.crt.*/);
  expect(problems.join()).not.toContain(PASSWORD);
});

it('has another version for every change and the same for the same content', () => {
  const { version } = read(scram);
  expect(read({ ...scram }).version).toBe(version);
  expect(read({ ...scram, password: 'another' }).version).not.toBe(version);
  expect(version).not.toContain(PASSWORD);
});
