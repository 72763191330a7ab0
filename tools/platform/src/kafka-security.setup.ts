/** A secured cluster with its users, and clients of it, for the tests of who is let in. */
import type {
  Consumer,
  ConsumerOptions,
  Credentials,
  CredentialsSource,
  KafkaClient,
  Producer,
} from '@eda/kafka';
import {
  createConsumer,
  createKafkaAdmin,
  createKafkaClient,
  createProducer,
  createTail,
  fixedCredentials,
  type KAFKA_CLIENTS,
  KAFKA_MIGRATIONS,
  subscribe,
} from '@eda/kafka';
import {
  type CertificateAuthority,
  createCertificateAuthority,
  createTestDatabase,
  jsonCodec,
  noteContract,
} from '@eda/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { Pool } from 'pg';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { KafkaProperties } from './kafka-program.ts';
import { type SecuredKafkaCluster, startSecuredKafkaCluster } from './kafka-secured-cluster.ts';

export const PASSWORD = 'the-first-password';

export interface SecurityBench extends AsyncDisposable {
  readonly secured: SecuredKafkaCluster;
  /** Whom brokers are vouched for by, and clients. */
  readonly clusterCa: CertificateAuthority;
  readonly clientsCa: CertificateAuthority;
  /** The user's credentials for the listener with passwords. */
  scram(user: string, changed?: Partial<Credentials>): Omit<Credentials, 'version'>;
  /** The user's credentials for the listener with certificates. */
  mtls(user: string, changed?: Partial<Credentials>): Omit<Credentials, 'version'>;
  createTopics(...names: string[]): Promise<void>;
  /** Everything in the topic, as its ids. */
  idsIn(topic: string): Promise<string[]>;
}

/** Starts one broker whose users have the password `PASSWORD`. */
export async function createSecurityBench(
  users: readonly string[],
  settings: KafkaProperties = {},
): Promise<SecurityBench> {
  const folder = mkdtempSync(join(tmpdir(), 'kafka-security-'));
  const clusterCa = createCertificateAuthority('cluster-ca');
  const clientsCa = createCertificateAuthority('clients-ca');
  const removeFolder = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  const secured = await startSecuredKafkaCluster({
    folder: join(folder, 'secured'),
    brokers: 1,
    certificate: clusterCa.issue({ name: 'broker', hosts: ['127.0.0.1'] }),
    clientsCa: clientsCa.cert,
    settings,
    users: Object.fromEntries(users.map((user) => [user, PASSWORD])),
  }).catch((error: unknown) => {
    removeFolder();
    throw error;
  });
  const logger = pino({ level: 'silent' });
  const adminClient = createKafkaClient({ clientId: 'admin', brokers: secured.adminBrokers, logger });
  const admin = createKafkaAdmin({ client: adminClient });
  return {
    secured,
    clusterCa,
    clientsCa,
    scram: (username, changed) => ({
      brokers: secured.scramBrokers,
      protocol: 'SASL_SSL',
      tls: { ca: clusterCa.cert },
      sasl: { mechanism: 'SCRAM-SHA-512', username, password: PASSWORD },
      ...changed,
    }),
    mtls: (user, changed) => ({
      brokers: secured.mtlsBrokers,
      protocol: 'SSL',
      tls: { ca: clusterCa.cert, ...clientsCa.issue({ name: user }) },
      ...changed,
    }),
    async createTopics(...names) {
      await admin.ensureTopics(names.map((name) => ({ name, partitions: 2 })));
    },
    async idsIn(topic) {
      const ids: string[] = [];
      const tail = createTail({
        client: adminClient,
        topics: [{ topic, from: 'beginning' }],
        onRecord: ({ headers }) => void ids.push(String(headers['ce_id'])),
        logger,
      });
      await tail.start();
      await tail.caughtUp;
      await tail.stop();
      return ids;
    },
    async [Symbol.asyncDispose]() {
      await admin.close();
      await secured.stop();
      removeFolder();
    },
  };
}

export interface Participant {
  readonly client: KafkaClient;
  readonly producer: Producer;
  /** Everything that was logged, as it was written. */
  readonly log: () => string;
  /** Ends all connections, as a network does: without a word. */
  readonly cut: () => void;
  /** A consumer of the topic that counts each event in a table. */
  readonly consume: (
    topic: string,
    group: string,
    options?: Partial<ConsumerOptions>,
  ) => Promise<CountingConsumer>;
}

export interface CountingConsumer {
  readonly consumer: Consumer;
  /** How often each event had its effect. */
  readonly effects: () => Promise<Map<string, number>>;
}

export interface ParticipantOptions {
  readonly deliveryTimeoutMs?: number;
  readonly client?: (typeof KAFKA_CLIENTS)[number];
}

/** A process that has these credentials; what it starts ends with the test. */
export function participate(
  given: Omit<Credentials, 'version'> | CredentialsSource,
  { deliveryTimeoutMs = 60_000, client: clientName = 'kafkajs' }: ParticipantOptions = {},
): Participant {
  const credentials = 'current' in given ? given : fixedCredentials(given);
  const lines: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line) => void lines.push(line) });
  const sockets = new Set<Socket>();
  const watch = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  };
  const client = createKafkaClient({
    clientId: 'participant',
    credentials,
    logger,
    client: clientName,
    ...(clientName === 'kafkajs'
      ? {
          socketFactory: ({ host, port, ssl, onConnect }) => {
            const socket = connect({ host, port, ...ssl }, onConnect);
            watch(socket);
            return socket;
          },
        }
      : { onSocket: watch }),
  });
  const producer = createProducer({ client, codec: jsonCodec, source: '/test', logger, deliveryTimeoutMs });
  onTestFinished(() => producer.close(3000));
  return {
    client,
    producer,
    log: () => lines.join(''),
    cut() {
      for (const socket of sockets) socket.destroy(Object.assign(new Error('cut'), { code: 'ECONNRESET' }));
    },
    async consume(topic, group, options = {}) {
      const database = await createTestDatabase();
      const pool = new Pool({ connectionString: database.url, max: 4 });
      pool.on('error', () => undefined);
      onTestFinished(() => pool.end());
      for (const { sql } of KAFKA_MIGRATIONS) await pool.query(sql);
      await pool.query('CREATE TABLE effect (id text NOT NULL)');
      const consumer = createConsumer({
        client,
        codec: jsonCodec,
        groupId: group,
        subscriptions: [
          subscribe(noteContract(topic), async ({ id }, { tx }) => {
            await tx.query('INSERT INTO effect (id) VALUES ($1)', [id]);
          }),
        ],
        pool,
        producer,
        logger,
        sessionTimeoutMs: 6000,
        heartbeatIntervalMs: 500,
        maxWaitMs: 100,
        ...options,
      });
      onTestFinished(() => consumer.stop(3000));
      await consumer.start();
      return {
        consumer,
        async effects() {
          const { rows } = await pool.query<{ id: string; count: string }>(
            'SELECT id, count(*) AS count FROM effect GROUP BY id',
          );
          return new Map(rows.map(({ id, count }) => [id, Number(count)]));
        },
      };
    },
  };
}
