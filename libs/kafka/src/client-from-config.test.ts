import { createMountedSecret, waitFor } from '@eda/testing';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import type { KafkaConnectionConfig } from './client-from-config.ts';
import { kafkaClientFromConfig } from './client-from-config.ts';
import type { KafkaClient } from './client-types.ts';
import { credentialsHealth } from './credentials-health.ts';
import { CredentialsInvalid } from './errors.ts';

const secret = {
  'bootstrap.servers': 'kafka-0:9093,kafka-1:9093',
  'security.protocol': 'SASL_SSL',
  username: 'store',
  password: 'a-secret',
};

function mount(files: Readonly<Record<string, string>>) {
  const mounted = createMountedSecret(files);
  onTestFinished(() => mounted[Symbol.dispose]());
  return mounted;
}

function clientFor(config: Partial<KafkaConnectionConfig>): KafkaClient {
  const client = kafkaClientFromConfig(
    { KAFKA_BROKERS: [], KAFKA_TOPIC_PREFIX: '', KAFKA_CREDENTIALS_DIR: '', ...config },
    { clientId: 'test', logger: pino({ level: 'silent' }) },
  );
  onTestFinished(() => client.credentials?.close());
  return client;
}

it('speaks plain text to the local cluster when nothing else is said', () => {
  const client = clientFor({});
  expect(client.brokers).toEqual(['127.0.0.1:9092']);
  expect(client.credentials).toBeUndefined();
  expect(credentialsHealth(client)).toEqual({ protocol: 'PLAINTEXT' });
  expect(clientFor({ KAFKA_BROKERS: ['a:1'] }).brokers).toEqual(['a:1']);
});

it('takes brokers and protocol from the mounted Secret, unless brokers are named', () => {
  const KAFKA_CREDENTIALS_DIR = mount(secret).path;
  const client = clientFor({ KAFKA_CREDENTIALS_DIR });
  expect(client.brokers).toEqual(['kafka-0:9093', 'kafka-1:9093']);
  expect(client.credentials?.current().protocol).toBe('SASL_SSL');
  expect(clientFor({ KAFKA_CREDENTIALS_DIR, KAFKA_BROKERS: ['a:1'] }).brokers).toEqual(['a:1']);
});

it('follows the brokers of a Secret that changes', async () => {
  const mounted = mount(secret);
  const client = clientFor({ KAFKA_CREDENTIALS_DIR: mounted.path });
  mounted.replace({ ...secret, 'bootstrap.servers': 'elsewhere:9093' });
  await waitFor(() => client.brokers[0] === 'elsewhere:9093', { description: 'the new brokers are known' });
});

it('does not begin when nobody names a broker, and says what to do', () => {
  const { path } = mount({ 'security.protocol': 'SASL_SSL', username: 'store', password: 'a-secret' });
  expect(() => clientFor({ KAFKA_CREDENTIALS_DIR: path })).toThrow(CredentialsInvalid);
  expect(() => clientFor({ KAFKA_CREDENTIALS_DIR: path })).toThrow(
    /bootstrap\.servers is missing.*KAFKA_BROKERS/,
  );
});

it('shows what is in use without a secret, and the problem while something newer is broken', async () => {
  const mounted = mount(secret);
  const client = clientFor({ KAFKA_CREDENTIALS_DIR: mounted.path });
  expect(credentialsHealth(client)).toEqual({ protocol: 'SASL_SSL', version: expect.any(String) as string });
  expect(JSON.stringify(credentialsHealth(client))).not.toContain('a-secret');
  mounted.replace({ ...secret, password: '' });
  await waitFor(() => client.credentials?.problem(), { description: 'the problem is seen' });
  expect(() => credentialsHealth(client)).toThrow(/password is empty/);
});
