import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKafkaAdmin } from '@eda/kafka';
import { createTestDatabase, createTestTopics, type TestDatabase, type TestTopics } from '@eda/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GateFailed } from './gate.ts';
import { Runner } from './run-scenario.ts';
import { type Scenario, SCENARIOS } from './scenarios.ts';

const RECORDS = 4000;

let topics: TestTopics;
let folder: string;
let runner: Runner;
const databases: TestDatabase[] = [];
const cleanUps: (() => unknown)[] = [];

beforeAll(async () => {
  const { testPlatform } = await import('@eda/testing');
  topics = await createTestTopics(testPlatform().kafka.brokers, []);
  cleanUps.push(() => topics[Symbol.asyncDispose]());
  folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  const admin = createKafkaAdmin({ client: topics.client });
  cleanUps.push(() => admin.close());
  cleanUps.push(async () => {
    for (const database of databases) await database.drop();
  });
  runner = new Runner({
    client: topics.client,
    admin,
    folder,
    records: RECORDS,
    seconds: 20,
    newDatabase: async () => {
      const database = await createTestDatabase();
      databases.push(database);
      return database.url;
    },
  });
  cleanUps.push(() => runner.close());
});

afterAll(async () => {
  for (const step of cleanUps.reverse()) await step();
});

const scenario = (id: string): Scenario => {
  const found = SCENARIOS.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no scenario ${id}`);
  return found;
};

describe('a run passes its gate and has figures', () => {
  test.each(['L1-producer', 'L2-publish-512', 'L2-publish-many'])('%s', async (id) => {
    const { recordsPerSecond, cpuMicrosPerRecord, latency, errors } = await runner.run(scenario(id));
    expect(recordsPerSecond).toBeGreaterThan(0);
    expect(cpuMicrosPerRecord).toBeGreaterThan(0);
    expect(latency?.p99).toBeGreaterThan(0);
    expect(errors).toBeUndefined();
  });

  test.each(['L1-consumer', 'L2-handler', 'L2-batch-inbox'])('%s', async (id) => {
    const { recordsPerSecond, peakRssBytes } = await runner.run(scenario(id));
    expect(recordsPerSecond).toBeGreaterThan(0);
    expect(peakRssBytes).toBeGreaterThan(10 * 2 ** 20);
  });
});

describe('the gate looks into the log', () => {
  const lying = (mode: string) =>
    runner.run({
      ...scenario('L1-producer'),
      program: 'lying-producer.setup.ts',
      mode,
      share: 500 / RECORDS,
    });

  test('and lets an honest program pass', async () => {
    await expect(lying('honest')).resolves.toMatchObject({ recordsPerSecond: expect.any(Number) as number });
  });

  test.each([
    ['loses', /of 500 acknowledged records 1 are missing, 0 stand more than once.*number 7/],
    ['doubles', /0 are missing, 1 stand more than once.*number 7/],
  ])('and refuses one that %s a record', async (mode, message) => {
    const run = lying(mode);
    await expect(run).rejects.toThrow(GateFailed);
    await expect(run).rejects.toThrow(message);
  });
});

test('a program that cannot run is reported by its own error', async () => {
  const run = runner.run({ ...scenario('L1-producer'), program: 'programs/nowhere.ts' });
  await expect(run).rejects.toThrow(/nowhere.*Cannot find module/);
});
