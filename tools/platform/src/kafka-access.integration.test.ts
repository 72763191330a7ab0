/** Who is let in, who is not, and what they hear: on a real broker with TLS, passwords, certificates and ACLs. */
import { AccessDenied, type ConsumerStopped } from '@eda/kafka';
import { createCertificateAuthority, noteContract, waitFor } from '@eda/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSecurityBench, participate, PASSWORD, type SecurityBench } from './kafka-security.setup.ts';

const NOTES = 'notes';
const PRIVATE = 'private';
const LATER = 'later';
const GROUP = 'readers';
const notes = noteContract(NOTES);
const note = { key: 'a', text: 'hello' };

let bench: SecurityBench;

beforeAll(async () => {
  bench = await createSecurityBench(['store', 'guest']);
  await bench.createTopics(NOTES, PRIVATE, LATER);
  const { secured } = bench;
  const may = { operations: ['Read', 'Write'], topics: [NOTES], groups: [GROUP] } as const;
  await Promise.all([
    secured.allow({ principals: ['User:store', 'User:CN=store'], ...may }),
    secured.allow({ principals: ['User:store'], operations: ['Describe'], topics: [PRIVATE] }),
    secured.allow({ principals: ['User:guest'], operations: ['Read'], topics: [NOTES] }),
  ]);
}, 120_000);

afterAll(() => bench[Symbol.asyncDispose]());

/** Rejects with what the producer was told; long before its delivery deadline, which no test reaches. */
async function refusalOf(publishing: Promise<unknown>): Promise<AccessDenied> {
  const error: unknown = await publishing.then(
    () => new Error('the record was acknowledged'),
    (reason: unknown) => reason,
  );
  if (error instanceof AccessDenied) return error;
  throw error;
}

it.each([
  ['a password', 'kafkajs', () => bench.scram('store')],
  ['a certificate', 'kafkajs', () => bench.mtls('store')],
  ['a password', 'platformatic', () => bench.scram('store')],
  ['a certificate', 'platformatic', () => bench.mtls('store')],
] as const)('lets the right user publish and consume with %s (%s)', async (_what, client, credentials) => {
  const participant = participate(credentials(), { client });
  const { consumer, effects } = await participant.consume(NOTES, GROUP);
  const id = crypto.randomUUID();
  await participant.producer.publish(notes, note, { id });
  await waitFor(async () => (await effects()).get(id) === 1, {
    description: 'the event has its effect',
    timeoutMs: 30_000,
  });
  expect(consumer.health()).toMatchObject({ ready: true, live: true });
  expect(participant.log()).not.toContain(PASSWORD);
});

it.each<[string, () => Parameters<typeof participate>[0], string, RegExp]>([
  [
    'a wrong password',
    () =>
      bench.scram('store', { sasl: { mechanism: 'SCRAM-SHA-512', username: 'store', password: 'wrong' } }),
    'AUTHENTICATION_FAILED',
    /does not know this user with this password/,
  ],
  [
    'an unknown user',
    () => bench.scram('nobody'),
    'AUTHENTICATION_FAILED',
    /does not know this user with this password/,
  ],
  [
    "an authority that is not the brokers'",
    () => bench.scram('store', { tls: { ca: createCertificateAuthority('cluster-ca').cert } }),
    'BROKER_UNTRUSTED',
    /ssl\.truststore\.crt/,
  ],
  [
    'no authority of its own',
    () => bench.scram('store', { tls: {} }),
    'BROKER_UNTRUSTED',
    /ssl\.truststore\.crt/,
  ],
  [
    'brokers under a name that their certificate does not have',
    () =>
      bench.scram('store', {
        brokers: bench.secured.scramBrokers.map((address) => address.replace('127.0.0.1', 'localhost')),
      }),
    'BROKER_NAME_MISMATCH',
    /another name/,
  ],
  [
    'no client certificate',
    () => bench.mtls('store', { tls: { ca: bench.clusterCa.cert } }),
    'CLIENT_CERTIFICATE_REFUSED',
    /ssl\.keystore\.crt/,
  ],
  [
    "a client certificate of another authority than the clients'",
    () =>
      bench.mtls('store', {
        tls: {
          ca: bench.clusterCa.cert,
          ...createCertificateAuthority('clients-ca').issue({ name: 'store' }),
        },
      }),
    'CLIENT_CERTIFICATE_REFUSED',
    /ssl\.keystore\.crt/,
  ],
  [
    'a client certificate that has expired',
    () =>
      bench.mtls('store', {
        tls: {
          ca: bench.clusterCa.cert,
          ...bench.clientsCa.issue({ name: 'store', validTo: new Date(Date.now() - 1000) }),
        },
      }),
    'CLIENT_CERTIFICATE_REFUSED',
    /ssl\.keystore\.crt/,
  ],
])('refuses %s, and says so at once', async (_what, credentials, code, hint) => {
  const { producer, log } = participate(credentials());
  const denied = await refusalOf(producer.publish(notes, note));
  expect(denied.code).toBe(code);
  expect(denied.message).toMatch(hint);
  expect(`${log()}${denied.stack ?? ''}`).not.toContain(PASSWORD);
});

it('says the same with the other client', async () => {
  const refusedWith = async (credentials: Parameters<typeof participate>[0]) => {
    const { producer } = participate(credentials, { client: 'platformatic' });
    return (await refusalOf(producer.publish(notes, note))).code;
  };
  expect(await refusedWith(bench.scram('nobody'))).toBe('AUTHENTICATION_FAILED');
  expect(await refusedWith(bench.scram('store', { tls: {} }))).toBe('BROKER_UNTRUSTED');
  expect(await refusedWith(bench.mtls('store', { tls: { ca: bench.clusterCa.cert } }))).toBe(
    'CLIENT_CERTIFICATE_REFUSED',
  );
});

it('names the right that is missing to publish', async () => {
  const { producer } = participate(bench.scram('store'));
  const unknown = await refusalOf(producer.publish(noteContract('not-described'), note));
  expect(unknown.code).toBe('TOPIC_AUTHORIZATION_FAILED');
  expect(unknown.message).toMatch(/topic not-described: .*needs the ACL Write to publish/);
  // Known by name, and still not to be written to: the batch itself is refused.
  const described = await refusalOf(producer.publish(noteContract(PRIVATE), note));
  expect(described.code).toBe('TOPIC_AUTHORIZATION_FAILED');
  expect(described.message).toMatch(/not allowed to write topic private: .*needs the ACL Write on it/);
  // One topic that is closed to it does not get in the way of another.
  await expect(producer.publish(notes, note)).resolves.toMatchObject({ topic: NOTES });
});

it('names the right that is missing to write idempotently', async () => {
  const { producer } = participate(bench.scram('guest'));
  const denied = await refusalOf(producer.publish(notes, note));
  expect(denied.code).toBe('CLUSTER_AUTHORIZATION_FAILED');
  expect(denied.message).toMatch(/ACL Write on a topic, or IdempotentWrite on the cluster/);
});

it.each([
  [
    'its group',
    NOTES,
    'group-of-others',
    'GROUP_AUTHORIZATION_FAILED',
    /group group-of-others: .*ACL Read on it/,
  ],
  ['its topic', LATER, 'group-of-others', 'TOPIC_AUTHORIZATION_FAILED', /topic later: .*or Read to consume/],
])(
  'ends a consumer whose right to %s never comes, and says which',
  async (_what, topic, group, code, right) => {
    let ended: Error | undefined;
    const { consume } = participate(bench.scram('guest'));
    const { consumer } = await consume(topic, group, {
      restartBudget: { maxRestarts: 1, windowMs: 600_000 },
      onCrash: (error) => (ended = error),
    });
    await waitFor(() => consumer.health().reason?.match(right), {
      description: 'readiness names the right',
      timeoutMs: 30_000,
    });
    await waitFor(() => ended, { description: 'the consumer has ended', timeoutMs: 30_000 });
    expect((ended as ConsumerStopped | undefined)?.code).toBe(code);
    expect(consumer.health()).toMatchObject({ ready: false, live: false });
  },
);

it('waits for a right that comes a little later', async () => {
  const { consume } = participate(bench.scram('store'));
  const { consumer } = await consume(LATER, GROUP);
  await waitFor(() => consumer.health().reason?.includes('later'), {
    description: 'readiness names the topic',
  });
  expect(consumer.health().reason).toMatch(
    /topic later: .*needs the ACL Write to publish, or Read to consume/,
  );
  await bench.secured.allow({ principals: ['User:store'], operations: ['Read'], topics: [LATER] });
  await waitFor(() => consumer.health().ready, { description: 'the consumer works', timeoutMs: 40_000 });
});
