/** The rights that the charts give to each app, on a real broker: they are enough for what the app declares, and for nothing else. */
import { TOPICS, TOPOLOGY, type TopologyApp } from '@eda/contracts';
import { AccessDenied, createKafkaAdmin } from '@eda/kafka';
import { noteContract } from '@eda/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ChartUser, grantsOf } from './chart-users.ts';
import { createSecurityBench, participate, type SecurityBench } from './kafka-security.setup.ts';
import { WORKSPACE } from './paths.ts';

const { users } = parse(
  readFileSync(join(WORKSPACE, 'charts/kafka-users/values.generated.yaml'), 'utf8'),
) as { users: ChartUser[] };
const topics = TOPICS.map(({ name }) => name);
const groups = TOPOLOGY.apps.flatMap(({ operations }) => operations).flatMap(({ group }) => group ?? []);

let bench: SecurityBench;

beforeAll(async () => {
  bench = await createSecurityBench(users.map(({ name }) => name));
  await bench.createTopics(...topics);
  await Promise.all(users.flatMap(grantsOf).map((grant) => bench.secured.allow(grant)));
}, 180_000);

afterAll(() => bench[Symbol.asyncDispose]());

/** Whether `attempt` is let through; rejects when it fails for another reason than a missing right. */
async function isAllowed(attempt: Promise<unknown>): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (error instanceof AccessDenied && error.code.endsWith('_AUTHORIZATION_FAILED')) return false;
    throw error;
  }
}

async function allowedOf(names: readonly string[], attempt: (name: string) => Promise<unknown>) {
  const allowed = await Promise.all(names.map((name) => isAllowed(attempt(name))));
  return names.filter((_, index) => allowed[index]);
}

const declared = ({ operations }: TopologyApp, action: 'send' | 'receive') => {
  const named = new Set(
    operations.filter((operation) => operation.action === action).map(({ topic }) => topic),
  );
  return topics.filter((topic) => named.has(topic));
};

it('there is a user for each app that talks to Kafka, and none with a pattern', () => {
  expect(users.map(({ name }) => name)).toEqual(
    TOPOLOGY.apps.filter(({ operations }) => operations.length > 0).map(({ name }) => name),
  );
  const resources = users.flatMap(({ acls }) => acls).map(({ resource }) => resource);
  expect(
    resources.filter(({ name, patternType }) => patternType !== 'literal' || name.includes('*')),
  ).toEqual([]);
});

describe.each(TOPOLOGY.apps.filter(({ operations }) => operations.length > 0))('$name', (app) => {
  it('may do what its AsyncAPI document says, and nothing else', async () => {
    const { client, producer } = participate(bench.scram(app.name), { client: 'platformatic' });
    const written = await allowedOf(topics, (topic) =>
      producer.publish(noteContract(topic), { key: 'a', text: 'hello' }),
    );
    const reader = client.reader();
    await reader.connect();
    const read = await allowedOf(topics, (topic) =>
      reader.fetch([{ topic, partition: 0, offset: 0n }], 100),
    ).finally(() => reader.disconnect());
    const admin = createKafkaAdmin({ client });
    const seen = await allowedOf(groups, (group) => admin.groupLag(group, [])).finally(() => admin.close());

    const watches = app.operations.some(({ purpose }) => purpose === 'observe');
    expect({ written, read, seen }).toEqual({
      written: declared(app, 'send'),
      read: declared(app, 'receive'),
      seen: watches
        ? groups
        : groups.filter((group) => app.operations.some((operation) => operation.group === group)),
    });
  });
});
