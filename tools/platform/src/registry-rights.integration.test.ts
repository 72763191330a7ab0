/**
 * The schema registry with the topics, the rights and the variables that the charts give it, on a real broker that makes no topic by
 * itself: they are enough, and each of those that it asks for at its start is needed.
 */
import { waitFor } from '@eda/testing';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ChartUser, grantsOf } from './chart-users.ts';
import { createSecurityBench, PASSWORD, type SecurityBench } from './kafka-security.setup.ts';
import type { Grant } from './kafka-secured-cluster.ts';
import { WORKSPACE } from './paths.ts';
import { startRegistryServer } from './registry-server.ts';
import { provisionTopics, type WantedTopic } from './topics.ts';

const USER = 'schema-registry';
/** Several times what a start takes. */
const PATIENCE_MS = 30_000;

const chart = (file: string) => readFileSync(join(WORKSPACE, 'charts', file), 'utf8');
const { platformTopics } = parse(chart('kafka-topics/values.yaml')) as { platformTopics: WantedTopic[] };
const { platformUsers } = parse(chart('kafka-users/values.yaml')) as { platformUsers: ChartUser[] };
const user = platformUsers.filter(({ name }) => name === USER);
/** The variables of the chart that are the same everywhere, as its template has them. */
const variables = Object.fromEntries(
  [...chart('schema-registry/templates/_helpers.tpl').matchAll(/^ {2}"(APICURIO_\w+)" "([^"]+)"$/gm)].map(
    ([, name = '', value = '']) => [name, value],
  ),
);

let bench: SecurityBench;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'registry-rights-'));
  bench = await createSecurityBench([USER]);
  await provisionTopics(bench.secured.adminBrokers, platformTopics);
  for (const grant of user.flatMap(grantsOf)) await bench.secured.allow(grant);
  const authority = join(folder, 'ca.crt');
  writeFileSync(authority, bench.clusterCa.cert);
  mkdirSync(join(folder, 'temporary'));
  env = {
    ...variables,
    // What the Secret of a KafkaAccess has.
    APICURIO_KAFKA_COMMON_SASL_JAAS_CONFIG: `org.apache.kafka.common.security.scram.ScramLoginModule required username="${USER}" password="${PASSWORD}";`,
    APICURIO_KAFKA_COMMON_SSL_TRUSTSTORE_LOCATION: authority,
    APICURIO_STORAGE_SNAPSHOT_LOCATION: join(folder, 'temporary'),
    APICURIO_IMPORT_WORK_DIR: join(folder, 'temporary'),
  };
}, 180_000);

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const start = (name: string, more: { signal?: AbortSignal } = {}) =>
  startRegistryServer({ folder: join(folder, name), brokers: bench.secured.scramBrokers, env, ...more });

/** What the broker has refused so far, in its own words. */
const refused = () =>
  readdirSync(bench.secured.cluster.logs)
    .flatMap((file) => readFileSync(join(bench.secured.cluster.logs, file), 'utf8').split('\n'))
    .filter((line) => line.includes('is Denied'));

it('the chart names what the registry does, and makes no topic', () => {
  expect(variables).toMatchObject({
    APICURIO_STORAGE_KIND: 'kafkasql',
    APICURIO_KAFKASQL_TOPIC_AUTO_CREATE: 'false',
    APICURIO_KAFKASQL_SECURITY_PROTOCOL: 'SASL_SSL',
  });
});

it('the registry takes a schema, and has it after a restart, without asking for more than it may', async () => {
  await using registry = await start('enough');
  const subject = `${registry.url}/subjects/a-value/versions`;
  const schema = JSON.stringify({ schema: JSON.stringify({ type: 'record', name: 'A', fields: [] }) });
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(subject, { method: 'POST', headers, body: schema })).status).toBe(200);

  await registry.kill();
  await registry.start();
  // It answers before it has read its journal to the end.
  await waitFor(async () => (await fetch(subject)).ok, {
    description: 'it has the subject',
    timeoutMs: 60_000,
  });
  expect(await (await fetch(subject)).json()).toEqual([1]);
  expect(refused()).toEqual([]);
}, 120_000);

const WITHOUT: [what: string, grant: Grant][] = [
  ...platformTopics.map(({ name }): [string, Grant] => [
    `seeing the settings of ${name}`,
    { principals: [`User:${USER}`], operations: ['DescribeConfigs'], topics: [name] },
  ]),
  ['its groups', { principals: [`User:${USER}`], groupPrefixes: ['schema-registry-'] }],
];

it.each(WITHOUT)(
  'without %s it does not start',
  async (_, grant) => {
    const before = refused().length;
    await bench.secured.revoke(grant);
    try {
      // It ends, or goes on trying in vain.
      const signal = AbortSignal.timeout(PATIENCE_MS);
      await expect(start('too-little', { signal })).rejects.toThrow();
      expect(refused().length).toBeGreaterThan(before);
    } finally {
      await bench.secured.allow(grant);
    }
  },
  120_000,
);
