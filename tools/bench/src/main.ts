/** `npm run bench`: starts what is measured against, measures, and writes down what came of it. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createKafkaAdmin, createKafkaClient } from '@eda/kafka';
import {
  onStopSignals,
  type Platform,
  PlatformError,
  startKafkaCluster,
  startPlatform,
  WORKSPACE,
} from '@eda/platform';
import { pino } from 'pino';
import { measure } from './benchmark.ts';
import { writeDocs } from './docs.ts';
import { missing, installOpponents } from './opponents.ts';
import { parseOptions, USAGE, UsageError } from './options.ts';
import { runPipeline } from './pipeline.ts';
import { ratios } from './ratios.ts';
import { figuresTable, notesOf, ratiosTable, toText } from './report.ts';
import { Runner } from './run-scenario.ts';
import { growthScenarios, type Scenario, select, WARM_UP } from './scenarios.ts';
import { machine } from './machine.ts';
import { startTraceSink } from './trace-sink.ts';
import { toRow } from './measurement.ts';

/** A run of a slow scenario ends after so many seconds. */
const SECONDS = 6;
const GROWTH_SECONDS = 4;
const BROKER_HEAP_MB = 640;
/** Of the records of a run; the pipeline takes some ten times as long for each. */
const PIPELINE_SHARE = 0.25;

const say = (text: string) => void process.stderr.write(`${text}\n`);

async function main(signal: AbortSignal): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const scenarios = options.scenarios ? select(options.only) : [];
  if (options.scenarios && scenarios.length === 0)
    throw new UsageError(`no scenario is named ${options.only.join(', ')}`);
  const growth = options.growth ? growthScenarios() : [];
  if (options.opponents) {
    const problem = await installOpponents(say);
    if (problem !== undefined) say(problem);
  }
  const reasons = await whyNot(scenarios);
  const possible = scenarios.filter(({ id }) => !reasons.has(id));

  const folder = join(WORKSPACE, '.platform', `bench-${randomBytes(4).toString('hex')}`);
  mkdirSync(folder, { recursive: true });
  if (options.profile !== undefined) mkdirSync(options.profile, { recursive: true });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));

  say('starting three brokers');
  const cluster = await startKafkaCluster({
    folder: join(folder, 'cluster'),
    heapMb: BROKER_HEAP_MB,
    fullCompiler: true,
    signal,
  });
  stack.use(cluster);
  let platform: Platform | undefined;
  if (possible.some(({ needs }) => needs === 'database' || needs === 'platform')) {
    say('starting PostgreSQL and the schema registry');
    platform = await startPlatform({ instance: `bench-${process.pid}`, ephemeral: true, signal });
    const started = platform;
    stack.defer(() => started.stop());
  }
  const sink = stack.use(await startTraceSink());
  const client = createKafkaClient({
    clientId: 'bench',
    brokers: cluster.brokers,
    logger: pino({ level: 'silent' }),
  });
  const admin = createKafkaAdmin({ client });
  stack.defer(() => admin.close());
  const nodeFlags =
    options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(options.profile)}`];
  const surroundings = (seconds: number) => ({
    client,
    admin,
    folder,
    seconds,
    records: options.records,
    otlpUrl: sink.url,
    nodeFlags,
    java: (mainClass: string, ...args: string[]) => cluster.java(mainClass, ...args),
    newDatabase: () => {
      if (platform === undefined) throw new Error('there is no database');
      return platform.databaseUrl(`bench_${randomBytes(6).toString('hex')}`);
    },
  });
  const runner = new Runner(surroundings(SECONDS));
  stack.defer(() => runner.close());
  say('warming the brokers up');
  const warming = new Runner({ ...surroundings(SECONDS), nodeFlags: [] });
  await measure(WARM_UP, 1, (scenario) => warming.run(scenario), { say }, signal);
  await warming.close();
  const measured = await measure(
    possible,
    options.rounds,
    (scenario) => {
      if (scenario.kind !== 'pipeline') return runner.run(scenario);
      if (platform === undefined) throw new Error('there is no platform');
      return runPipeline({
        client,
        platform,
        folder,
        seconds: SECONDS,
        records: Math.ceil(options.records * PIPELINE_SHARE),
        nodeFlags,
      });
    },
    { say },
    signal,
  );
  const grown = await measure(
    growth,
    1,
    (point) => new Runner(surroundings(GROWTH_SECONDS)).run(point),
    { say },
    signal,
  );

  const rows = scenarios.map(
    (scenario) =>
      measured.rows.find(({ id }) => id === scenario.id) ??
      toRow(scenario, [], [reasons.get(scenario.id) ?? 'not run']),
  );
  const report = {
    at: new Date().toISOString(),
    machine: machine(),
    options: { rounds: options.rounds, records: options.records, seconds: SECONDS },
    rows,
    ratios: ratios(rows),
    growth: growth.map(({ id, axis, at }) => ({ axis, at, ...grown.rows.find((row) => row.id === id) })),
  };
  const json = resolve(options.json ?? join(WORKSPACE, 'tmp/bench.json'));
  mkdirSync(dirname(json), { recursive: true });
  writeFileSync(json, `${JSON.stringify(report, undefined, 2)}\n`);
  if (rows.length > 0) {
    process.stdout.write(`\n${toText(figuresTable(rows))}\n\n${toText(ratiosTable(report.ratios))}\n`);
    for (const note of notesOf(rows)) process.stdout.write(`\n${note}`);
    process.stdout.write('\n');
  }
  say(`figures: ${json}`);
  if (options.only.length === 0)
    for (const file of writeDocs(report, {
      read: (file) => readFileSync(file, 'utf8'),
      write: writeFileSync,
    }))
      say(`written: ${file}`);
  return measured.failures + grown.failures > 0 ? 1 : 0;
}

/** Scenarios that cannot run, with the reason. */
async function whyNot(scenarios: readonly Scenario[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of new Set(scenarios.map(({ needs }) => needs))) {
    if (name === undefined || name === 'database' || name === 'platform') continue;
    const reason = await missing(name);
    if (reason === undefined) continue;
    for (const { id, needs } of scenarios) if (needs === name) found.set(id, reason);
  }
  return found;
}

const stopping = new AbortController();
onStopSignals({
  stop: () => {
    say('stopping');
    stopping.abort(new Error('stopped'));
  },
  kill: () => undefined,
});
try {
  process.exitCode = await main(stopping.signal);
} catch (error) {
  if (stopping.signal.aborted) process.exitCode = 130;
  else {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (error instanceof UsageError) say(`${error.message}\n\n${USAGE}`);
    else say(error instanceof PlatformError ? error.message : text);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
