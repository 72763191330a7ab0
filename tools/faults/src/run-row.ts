/** One row from its topic to its verdict. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createKafkaAdmin, createKafkaClient } from '@eda/kafka';
import type { KafkaCluster } from '@eda/platform';
import { Client, escapeIdentifier } from 'pg';
import { pino } from 'pino';
import { controlCluster } from './cluster-control.ts';
import { rateOf, type RowScale } from './extent.ts';
import { readJournal } from './journal.ts';
import { generateLoad } from './load.ts';
import { createNetworkProxy, type NetworkProxy } from './network-proxy.ts';
import {
  duplicatesInLog,
  type Evidence,
  type Finding,
  judge,
  type LoggedRecord,
  type Measure,
} from './oracle.ts';
import type { ProgramHandle } from './program-handle.ts';
import { EFFECT_TABLE } from './programs/effects.ts';
import { TABLES } from './programs/transport.ts';
import { readLog } from './read-log.ts';
import { createRowBench, PARTITIONS, type RowBench, type RowState } from './row-bench.ts';
import type { Row } from './row.ts';

export interface RowResult {
  readonly row: string;
  readonly title: string;
  readonly ok: boolean;
  readonly events: number;
  readonly seed: number;
  readonly seconds: number;
  readonly outcomes: { readonly acked: number; readonly unknown: number; readonly rejected: number };
  readonly inLog: number;
  readonly duplicatesInLog: number;
  readonly effects: number;
  readonly deadLetters: number;
  readonly findings: readonly Finding[];
  readonly measures: readonly Measure[];
  /** Why the row could not be judged, when it could not. */
  readonly error?: string;
}

export interface RunRowOptions {
  readonly cluster: KafkaCluster;
  readonly proxies: ReadonlyMap<number, NetworkProxy>;
  /** Address with the right to make databases. */
  readonly databaseUrl: string;
  readonly scale: RowScale;
  /** For journals and logs; those of a row that passes are removed. */
  readonly folder: string;
  readonly onNote: (text: string) => void;
  /** Ends the programs of the row, which fails then. */
  readonly signal?: AbortSignal;
}

/** How long the consumers may take to catch up when the fault is over. */
const QUIET_MS = 180_000;

const logger = pino({ level: 'silent' });

/** Runs a row and judges it; never rejects for what the row does, an error makes it fail. */
export async function runRow(row: Row, options: RunRowOptions): Promise<RowResult> {
  const { cluster, scale, databaseUrl } = options;
  const began = Date.now();
  const name = `${row.name}-${scale.seed}-${began.toString(36)}`;
  const folder = join(options.folder, `row-${row.name}`);
  rmSync(folder, { recursive: true, force: true });
  const paced = { ...scale, rate: rateOf(row, scale) };
  const steps: (() => unknown)[] = [];
  const base = { row: row.name, title: row.title, events: scale.events, seed: scale.seed };
  try {
    const control = await controlCluster(cluster);
    steps.push(() => control.close());
    const database = `faults_${name.replaceAll('-', '_')}`;
    const url = await makeDatabase(databaseUrl, database);
    steps.push(() =>
      execute(databaseUrl, `DROP DATABASE IF EXISTS ${escapeIdentifier(database)} WITH (FORCE)`),
    );
    const { hostname, port } = new URL(url);
    const proxy = await createNetworkProxy({ host: hostname, port: Number(port) });
    steps.push(() => proxy[Symbol.asyncDispose]());
    const { bench, state, stop } = createRowBench({
      ...options,
      scale: paced,
      name,
      control,
      database: proxy,
      databaseUrl: url,
      folder,
    });
    await control.createTopic(bench.topic, PARTITIONS);
    await control.createTopic(bench.deadLetters, 1);
    steps.push(() => control.deleteTopics([bench.topic, bench.deadLetters]));
    steps.push(stop);
    options.signal?.addEventListener('abort', () => void stop(), { once: true });
    await row.run(bench);
    options.onNote('waiting for quiet');
    bench.database.heal();
    await heal(options);
    // Nobody publishes any more: the log can be read while the consumers catch up.
    const [quiet, log] = await Promise.all([untilQuiet(bench), readWhole(cluster, bench.topic)]);
    const evidence = await gather(bench, state, row, { quiet, log });
    const findings = judge(evidence);
    const ok = findings.every(({ violations }) => violations === 0);
    if (ok) steps.push(() => rmSync(folder, { recursive: true, force: true }));
    const outcomes = { acked: 0, unknown: 0, rejected: 0 };
    for (const { outcome } of evidence.journal.entries.values()) outcomes[outcome] += 1;
    return {
      ...base,
      ok,
      seconds: (Date.now() - began) / 1000,
      outcomes,
      inLog: evidence.log.length,
      duplicatesInLog: duplicatesInLog(evidence),
      effects: evidence.effects.length,
      deadLetters: evidence.deadLetters.length,
      findings,
      measures: evidence.measures,
    };
  } catch (error) {
    return {
      ...base,
      ok: false,
      seconds: (Date.now() - began) / 1000,
      outcomes: { acked: 0, unknown: 0, rejected: 0 },
      inLog: 0,
      duplicatesInLog: 0,
      effects: 0,
      deadLetters: 0,
      findings: [],
      measures: [],
      error: `${error instanceof Error ? error.message : String(error)} (logs: ${folder})`,
    };
  } finally {
    for (const step of steps.reverse())
      try {
        await step();
      } catch (error) {
        options.onNote(`cleaning up failed: ${String(error)}`);
      }
    await heal(options);
  }
}

/** Whatever a row has left broken is mended for the next one. */
async function heal({ cluster, proxies }: RunRowOptions): Promise<void> {
  for (const proxy of proxies.values()) proxy.heal();
  const nodes = [...cluster.nodes, ...(cluster.controller ? [cluster.controller] : [])];
  for (const node of nodes) node.signal('SIGCONT');
  await Promise.all(nodes.map((node) => node.start()));
  await cluster.settled();
}

/** Resolves, when the group has nothing left to do, with whether it got there; consumers are stopped in order. */
async function untilQuiet(bench: RowBench): Promise<boolean> {
  const client = createKafkaClient({
    clientId: 'faults-quiet',
    brokers: bench.cluster.nodes.map(({ internalAddress }) => internalAddress),
    logger,
  });
  const admin = createKafkaAdmin({ client });
  try {
    const deadline = Date.now() + QUIET_MS;
    let quiet = false;
    while (!quiet && Date.now() < deadline) {
      const lags = await admin.groupLag(bench.groupId, [bench.topic]).catch(() => undefined);
      quiet = lags !== undefined && lags.length >= PARTITIONS && lags.every(({ lag }) => lag === 0n);
      if (!quiet) await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return quiet;
  } finally {
    await admin.close();
    const stop = async (consumer: ProgramHandle) => {
      const value = (await consumer.stop()) ?? -1;
      if (value !== 0)
        bench.measure({ name: `exit code of ${consumer.name}`, value, unit: '', budget: 0, least: 0 });
    };
    await Promise.all(bench.consumers.filter(({ running }) => running).map(stop));
  }
}

/** Reads everything that stands in a topic now. */
async function readWhole(cluster: KafkaCluster, topic: string): Promise<LoggedRecord[]> {
  const client = createKafkaClient({
    clientId: 'faults-read',
    brokers: cluster.nodes.map(({ internalAddress }) => internalAddress),
    logger,
  });
  const admin = createKafkaAdmin({ client });
  try {
    const bounds = await admin.bounds(topic);
    return await readLog(
      cluster,
      topic,
      bounds.reduce((sum, { start, end }) => sum + Number(end - start), 0),
    );
  } finally {
    await admin.close();
  }
}

async function gather(
  bench: RowBench,
  state: RowState,
  row: Row,
  { quiet, log: read }: { quiet: boolean; log: readonly LoggedRecord[] },
): Promise<Evidence> {
  const { cluster, topic, deadLetters, groupId, databaseUrl, journal: file } = bench;
  const client = createKafkaClient({
    clientId: 'faults-gather',
    brokers: cluster.nodes.map(({ internalAddress }) => internalAddress),
    logger,
  });
  const admin = createKafkaAdmin({ client });
  const store = new Client({ connectionString: databaseUrl });
  await store.connect();
  try {
    const bounds = await admin.bounds(topic);
    const standing = bounds.reduce((sum, { start, end }) => sum + Number(end - start), 0);
    // Somebody was still publishing: what was read early is not the whole.
    const log = merge(state.kept, standing === read.length ? read : await readWhole(cluster, topic));
    const letters = await readWhole(cluster, deadLetters);
    const lags = await admin.groupLag(groupId, [topic]);
    const { rows: effects } = await store.query<{
      position: string;
      event_id: string;
      key: string;
      sequence: number;
      at: string;
    }>(
      'SELECT position, event_id, key, sequence, extract(epoch FROM at) * 1000 AS at FROM effect ORDER BY position',
    );
    const { rows: fences } = await store.query<{ partition: number; next_offset: string }>(
      'SELECT partition, next_offset FROM consumer_offset WHERE group_id = $1 AND topic = $2',
      [groupId, topic],
    );
    const evidence: Evidence = {
      load: generateLoad(bench.load()),
      journal: readJournal(file),
      log,
      deadLetters: letters,
      effects: effects.map(({ position, event_id: id, key, sequence, at }) => ({
        order: Number(position),
        id,
        key,
        sequence,
        at: Number(at),
      })),
      committed: new Map(
        lags.flatMap(({ partition, committed }) => (committed === null ? [] : [[partition, committed]])),
      ),
      fences: new Map(fences.map(({ partition, next_offset }) => [partition, BigInt(next_offset)])),
      measures: [],
      repartitioned: state.repartitioned,
    };
    return { ...evidence, measures: [...times(evidence, row, bench), ...state.measures, ...unquiet(quiet)] };
  } finally {
    await admin.close();
    await store.end();
  }
}

function unquiet(quiet: boolean): Measure[] {
  return quiet ? [] : [{ name: 'partitions not caught up after the fault', value: 1, unit: '', budget: 0 }];
}

function merge(kept: Evidence['log'], read: Evidence['log']): Evidence['log'] {
  const places = new Set(read.map(({ partition, offset }) => `${partition}/${offset}`));
  return [...kept.filter(({ partition, offset }) => !places.has(`${partition}/${offset}`)), ...read].sort(
    (a, b) => a.partition - b.partition || (a.offset < b.offset ? -1 : 1),
  );
}

function times(evidence: Evidence, row: Row, bench: RowBench): Measure[] {
  const { entries, refusals } = evidence.journal;
  const intended = new Map(evidence.load.map(({ n, id }) => [id, entries.get(n)?.intendedAt]));
  const produce = [...entries.values()].reduce(
    (most, { intendedAt, ackedAt = 0 }) => Math.max(most, ackedAt - intendedAt),
    0,
  );
  const effect = evidence.effects.reduce(
    (most, { id, at }) => Math.max(most, at - (intended.get(id) ?? at)),
    0,
  );
  const effectBudget =
    typeof row.effectBudgetMs === 'function' ? row.effectBudgetMs(bench) : row.effectBudgetMs;
  const duplicates = row.duplicates === undefined ? 0 : row.duplicates;
  const { slack } = bench.scale;
  return [
    {
      name: 'longest publish',
      value: Math.round(produce),
      unit: 'ms',
      ...budget(row.produceBudgetMs, slack),
    },
    {
      name: 'longest way to the effect',
      value: Math.round(effect),
      unit: 'ms',
      ...budget(effectBudget, slack),
    },
    {
      name: 'records that stand in the log again',
      value: duplicatesInLog(evidence),
      unit: '',
      ...budget(duplicates ?? undefined),
    },
    ...[...refusals].map(([code, value]) => ({ name: `attempts that ended with ${code}`, value, unit: '' })),
    {
      name: 'peak memory of a program',
      value: Math.round(Math.max(0, ...bench.consumers.map(({ peakRss }) => peakRss)) / 2 ** 20),
      unit: 'MiB',
    },
  ];
}

function budget(value: number | undefined, slack = 1): { budget?: number } {
  return value === undefined ? {} : { budget: value * slack };
}

async function makeDatabase(adminUrl: string, name: string): Promise<string> {
  await execute(adminUrl, `CREATE DATABASE ${escapeIdentifier(name)}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  await execute(url.href, TABLES + EFFECT_TABLE);
  return url.href;
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
