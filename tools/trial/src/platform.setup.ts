/**
 * Kafka, registry and PostgreSQL on this machine as pods find them: TLS, a password and the rights of the contracts for each app, on the names
 * that the charts expect. For a cluster that has no operators.
 */
import { SCHEMAS, TOPICS } from '@eda/contracts';
import { createKafkaAdmin, createKafkaClient } from '@eda/kafka';
import {
  type ChartUser,
  grantsOf,
  provisionSchemas,
  startPostgresServer,
  startRegistryServer,
  startSecuredKafkaCluster,
  WORKSPACE,
} from '@eda/platform';
import { createCertificateAuthority } from '@eda/testing';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import { parse } from 'yaml';
import { appsWithDatabase } from './apps.ts';

const KAFKA_HOST = 'eda-kafka-bootstrap.kafka.svc.cluster.local';
const DATABASE_HOST = 'postgres-rw.apps.svc.cluster.local';

/** A name in the cluster that leads to a port of this machine. */
export interface HostService {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  readonly hostPort: number;
}

export interface TrialPlatform extends AsyncDisposable {
  readonly services: readonly HostService[];
  /** Per name of a Secret its keys and values. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Resolves when all of it answers, with topics, schemas, rights and databases; everything is gone with it. */
export async function startTrialPlatform(folder: string): Promise<TrialPlatform> {
  await using stack = new AsyncDisposableStack();
  const clusterCa = createCertificateAuthority('cluster-ca');
  const clientsCa = createCertificateAuthority('clients-ca');
  const users = chartUsers();
  const passwords = Object.fromEntries(users.map(({ name }) => [name, password()]));
  const kafka = stack.use(
    await startSecuredKafkaCluster({
      folder: join(folder, 'kafka'),
      brokers: 1,
      hosts: { SCRAM: KAFKA_HOST },
      certificate: clusterCa.issue({ name: 'broker', hosts: [KAFKA_HOST] }),
      clientsCa: clientsCa.cert,
      users: passwords,
    }),
  );
  const admin = createKafkaAdmin({
    client: createKafkaClient({
      clientId: 'trial',
      brokers: kafka.adminBrokers,
      logger: pino({ level: 'silent' }),
    }),
  });
  await admin.ensureTopics(TOPICS);
  await admin.close();
  for (const grant of users.flatMap(grantsOf)) await kafka.allow(grant);
  const registry = stack.use(
    await startRegistryServer({ folder: join(folder, 'registry'), brokers: kafka.adminBrokers }),
  );
  await provisionSchemas(registry.url, SCHEMAS);
  const postgres = stack.use(await startPostgresServer({ folder: join(folder, 'postgres') }));
  const databases = await createDatabases(postgres.url);

  const kafkaPort = portOf(`tcp://${kafka.scramBrokers[0] ?? ''}`);
  const parts = stack.move();
  return {
    services: [
      { namespace: 'kafka', name: 'eda-kafka-bootstrap', port: kafkaPort, hostPort: kafkaPort },
      { namespace: 'registry', name: 'schema-registry', port: 8080, hostPort: portOf(registry.url) },
      { namespace: 'apps', name: 'postgres-rw', port: 5432, hostPort: portOf(postgres.url) },
    ],
    secrets: Object.fromEntries([
      ...users.map(({ name }) => [
        `${name}-kafka`,
        {
          'bootstrap.servers': `${KAFKA_HOST}:${kafkaPort}`,
          'security.protocol': 'SASL_SSL',
          'sasl.mechanism': 'SCRAM-SHA-512',
          'ssl.truststore.crt': clusterCa.cert,
          username: name,
          password: passwords[name] ?? '',
        },
      ]),
      ...databases.map(({ name, secret }) => [`${name}-database`, { uri: secret }]),
    ]) as Record<string, Record<string, string>>,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

const password = () => randomBytes(18).toString('base64url');

function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** The users of the chart kafka-users. */
function chartUsers(): readonly ChartUser[] {
  const text = readFileSync(join(WORKSPACE, 'charts/kafka-users/values.generated.yaml'), 'utf8');
  return (parse(text) as { users: readonly ChartUser[] }).users;
}

/** A role and a database for each app, and an address for pods. */
async function createDatabases(adminUrl: string): Promise<{ name: string; secret: string }[]> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const made: { name: string; secret: string }[] = [];
    for (const name of appsWithDatabase()) {
      const secret = password();
      await admin.query(`CREATE ROLE "${name}" LOGIN PASSWORD '${secret}'`);
      await admin.query(`CREATE DATABASE "${name}" OWNER "${name}"`);
      await admin.query(`REVOKE CONNECT ON DATABASE "${name}" FROM PUBLIC`);
      made.push({ name, secret: `postgresql://${name}:${secret}@${DATABASE_HOST}:5432/${name}` });
    }
    return made;
  } finally {
    await admin.end();
  }
}
