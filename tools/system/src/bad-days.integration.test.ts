/** The whole blueprint under the faults that a user would try first, each in the middle of golden scenarios. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goldenScenario } from '@eda/contracts';
import { freePorts, startPlatform, type Platform } from '@eda/platform';
import { waitFor } from '@eda/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APPS, type Ports } from './apps.ts';
import { goldenDifferences, record } from './movements.ts';
import { RunningApps } from './running-apps.ts';
import { platformAddresses } from './system.ts';

const INSTANCE = `bad-days-${process.pid}`;

let platform: Platform;
let apps: RunningApps;
const cleanUps: (() => Promise<void>)[] = [];
let storeUrl: string;
let inventoryUrl: string;
const logFolder = mkdtempSync(join(tmpdir(), 'bad-days-'));

beforeAll(async () => {
  platform = await startPlatform({ instance: INSTANCE, ephemeral: true });
  cleanUps.unshift(() => platform.stop());
  const free = await freePorts(APPS.length);
  const ports = Object.fromEntries(APPS.map(({ name }, index) => [name, free[index]])) as Ports;
  storeUrl = `http://127.0.0.1:${ports.store}`;
  inventoryUrl = `http://127.0.0.1:${ports.inventory}`;
  apps = await RunningApps.start({
    platform: platformAddresses(platform),
    ports,
    logFolder,
    simulationRate: 0,
    env: { SHUTDOWN_DRAIN_MS: '0' },
    restart: true,
  });
  cleanUps.unshift(() => apps.stop());
  await apps.ready();
}, 180_000);

afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
  rmSync(logFolder, { recursive: true, force: true });
}, 60_000);

let runs = 0;

/** Plays the golden scenario with `disturb` after a few of its movements and waits until the numbers are right. */
async function goldenWith(disturb: () => unknown, mend: () => unknown = () => undefined): Promise<void> {
  const run = `bad${(runs += 1)}`;
  const { movements } = goldenScenario(run);
  for (const [index, movement] of movements.entries()) {
    if (index === 4) await disturb();
    await record(storeUrl, movement);
  }
  await mend();
  const differences = () => goldenDifferences(inventoryUrl, run);
  await waitFor(async () => (await differences()).length === 0, {
    description: 'the golden numbers',
    timeoutMs: 90_000,
  }).catch(async (error: unknown) => {
    throw new Error(`${String(error)}\n${(await differences()).join('\n')}`, { cause: error });
  });
  // What comes twice comes late: nothing may move any more once another scenario went through.
  expect(await differences()).toEqual([]);
}

describe('the golden numbers are right', { timeout: 180_000 }, () => {
  it('on a quiet day', () => goldenWith(() => undefined));

  it.each(['store', 'inventory', 'replenishment'])('when %s is killed in the middle and comes back', (name) =>
    goldenWith(async () => {
      const pid = apps.process(name).pid ?? 0;
      process.kill(pid, 'SIGKILL');
      await waitFor(() => apps.process(name).pid !== pid, { description: `${name} ended` });
    }),
  );

  it('when Kafka is killed in the middle: the store goes on accepting, everything arrives later', () =>
    goldenWith(
      () => platform.crash('Kafka'),
      () => platform.restart('Kafka'),
    ));

  it('when PostgreSQL is killed in the middle: the store says 503 and when to come back', () =>
    goldenWith(async () => {
      platform.crash('PostgreSQL');
      const refused = await waitFor(
        async () => {
          const [movement] = goldenScenario('refused').movements;
          const response = await fetch(`${storeUrl}/stores/refused/movements`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ sku: movement?.sku, quantity: 1, reason: 'RESTOCK' }),
          });
          return response.status === 503 && response;
        },
        { description: 'a 503' },
      );
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(refused.headers.get('content-type')).toContain('application/problem+json');
      await platform.restart('PostgreSQL');
    }));

  it('when the registry is killed: whoever knows its schemas does not notice', () =>
    goldenWith(() => platform.crash('registry')));
});
