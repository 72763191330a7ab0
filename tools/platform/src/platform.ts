/** Starts the platform with one of its providers, tells others by the state file, and ends it in order. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { ensureDatabase } from './database.ts';
import { codeOf, PlatformError, textOf } from './errors.ts';
import { instancePaths } from './paths.ts';
import { freePorts, holderOf, isPortFree } from './ports.ts';
import { startTimeOf } from './process-identity.ts';
import type { OnProgress, Phase } from './progress.ts';
import { chooseProvider } from './providers/choose.ts';
import type { Addresses, Ports } from './providers/provider.ts';
import {
  isOwnerAlive,
  livingProcesses,
  type PartName,
  type PlatformState,
  type ProviderName,
  readPlatformState,
  removePlatformState,
  writePlatformState,
} from './state.ts';
import { type Crash, createSupervisor } from './supervisor.ts';

export const DEFAULT_INSTANCE = 'dev';

/** The instance of the test run; always ephemeral. */
export const TEST_INSTANCE = 'test';

export const DEFAULT_PORTS: Ports = { kafka: 9092, registry: 8081, database: 5433 };

export interface PlatformOptions {
  /** Names its folder under `.platform/`; default `dev`. */
  readonly instance?: string;
  /** Default: the first that is possible, in the order given, container, embedded. */
  readonly provider?: ProviderName;
  /** 0 takes a free one. */
  readonly ports?: Partial<Ports>;
  /** Free ports unless others are asked for, and data that goes away at the end. */
  readonly ephemeral?: boolean;
  /** Removes the data of earlier runs first. */
  readonly fresh?: boolean;
  readonly onProgress?: OnProgress;
  /** Told when a part ended by itself after the start; what to do about it is up to the caller. */
  readonly onCrash?: (crash: Crash) => void;
  /** Breaks off the start in order; what runs is stopped, and the start rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Ends every process at once, whatever goes on. */
  readonly killSignal?: AbortSignal;
}

export interface Platform extends Addresses {
  readonly instance: string;
  readonly provider: ProviderName;
  /** Milliseconds of each phase of the start; some phases run beside each other. */
  readonly timings: Readonly<Partial<Record<Phase, number>>>;
  /** Resolves with the address of database `name`, which is created when it is missing. */
  databaseUrl(name: string): Promise<string>;
  /** Starts a part again after it ended, or ends and starts it, with its data and on its port. */
  restart(part: PartName): Promise<void>;
  /** Ends a part at once, for tests of what a crash leads to. */
  crash(part: PartName): void;
  /** Stops the registry, then Kafka, then PostgreSQL; resolves when all have ended. */
  stop(): Promise<void>;
}

/** Resolves when everything answers. Rejects with a `PlatformError` that says why not; nothing is left running then. */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const {
    instance = DEFAULT_INSTANCE,
    onProgress = () => undefined,
    signal = new AbortController().signal,
  } = options;
  const ephemeral = options.ephemeral ?? instance === TEST_INSTANCE;
  const fresh = ephemeral || (options.fresh ?? false);
  const paths = instancePaths(instance);
  refuseIfRunning(instance);
  const provider = await chooseProvider(options.provider ? { forced: options.provider } : {});
  const ports = await choosePorts({
    ...(ephemeral ? { kafka: 0, registry: 0, database: 0 } : DEFAULT_PORTS),
    ...options.ports,
  });
  if (provider.usesPorts) await refuseTakenPorts(ports);

  let state: PlatformState = {
    instance,
    pid: process.pid,
    startTime: startTimeOf(process.pid) ?? '',
    provider: provider.name,
    status: 'starting',
    kafka: { brokers: [] },
    registry: { url: '' },
    database: { url: '' },
    processes: [],
  };
  const tell = (change: Partial<PlatformState>) => {
    state = { ...state, ...change };
    writePlatformState(state);
  };
  const supervisor = createSupervisor({
    onChange: (processes) => tell({ processes }),
    onCrash: (crash) => options.onCrash?.(crash),
  });
  const timings: Partial<Record<Phase, number>> = {};
  const phase = async <T>(name: Phase, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await work();
    timings[name] = performance.now() - began;
    onProgress({ kind: 'phase', phase: name, ms: timings[name] });
    return result;
  };
  options.killSignal?.addEventListener('abort', () => void supervisor.killAll());

  try {
    for (const folder of [paths.logs, paths.temp, ...(fresh ? [paths.data] : [])])
      rmSync(folder, { recursive: true, force: true });
    for (const folder of [paths.data, paths.temp]) mkdirSync(folder, { recursive: true });
    tell({});
    const addresses = await provider.start({
      instance,
      paths,
      ports,
      ephemeral,
      fresh,
      signal,
      onProgress,
      phase,
      run: (name, recipe, runSignal) => phase(name, () => supervisor.run(name, recipe, runSignal)),
    });
    await provision(addresses, phase, onProgress);
    signal.throwIfAborted();
    supervisor.watch();
    tell({ ...addresses, status: 'ready' });
    return {
      ...addresses,
      instance,
      provider: provider.name,
      timings,
      databaseUrl: (name) => ensureDatabase(addresses.database.url, name),
      restart: (part) => supervisor.restart(part),
      crash: (part) => supervisor.crash(part),
      async stop() {
        await supervisor.stopAll();
        await provider.cleanUp?.();
        removePlatformState(instance);
        rmSync(ephemeral ? paths.root : paths.temp, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await supervisor.stopAll();
    await provider.cleanUp?.();
    const failure = explain(signal.aborted ? signal.reason : error);
    for (const folder of [paths.temp, ...(ephemeral ? [paths.data] : [])])
      rmSync(folder, { recursive: true, force: true });
    if (existsSync(paths.root))
      leaveFailure({ ...state, status: 'failed', error: textOf(failure), processes: [] });
    throw failure;
  }
}

/** What the contracts say, made on the running servers; what is there already stays. */
async function provision(
  { kafka, registry }: Addresses,
  phase: <T>(name: Phase, work: () => Promise<T>) => Promise<T>,
  onProgress: OnProgress,
): Promise<void> {
  const [{ SCHEMAS, TOPICS }, { provisionTopics }, { provisionSchemas }] = await Promise.all([
    import('@eda/contracts'),
    import('./topics.ts'),
    import('./schemas.ts'),
  ]);
  await Promise.all([
    phase('topics', async () => {
      const { differences } = await provisionTopics(kafka.brokers, TOPICS);
      for (const text of differences) onProgress({ kind: 'note', text });
    }),
    phase('schemas', () => provisionSchemas(registry.url, SCHEMAS)),
  ]);
}

/** Others wait for this file; that the disk is full must not hide why the start failed. */
function leaveFailure(state: PlatformState): void {
  try {
    writePlatformState(state);
  } catch (error) {
    if (codeOf(error) !== 'ENOSPC') throw error;
  }
}

function explain(error: unknown): unknown {
  if (codeOf(error) !== 'ENOSPC' && codeOf(error) !== 'EDQUOT') return error;
  return new PlatformError(`The disk is full: ${textOf(error)}`);
}

function refuseIfRunning(instance: string): void {
  const state = readPlatformState(instance);
  if (!state) return;
  const down = `npm run platform -- down${instance === DEFAULT_INSTANCE ? '' : ` --instance ${instance}`}`;
  if (isOwnerAlive(state) && state.status !== 'failed') {
    throw new PlatformError(
      `The platform "${instance}" runs already (process ${state.pid}). Use it, or stop it with: ${down}`,
    );
  }
  const left = livingProcesses(state);
  if (left.length === 0) return;
  const names = left.map(({ name, pid, port }) => `${name} (process ${pid}, port ${port})`).join(', ');
  throw new PlatformError(
    `An earlier run of the platform "${instance}" was ended by force and left ${names}.\nStop that first: ${down}`,
  );
}

async function choosePorts(wanted: Ports): Promise<Ports> {
  const [kafka = 0, registry = 0, database = 0] = await freePorts(3);
  return {
    kafka: wanted.kafka || kafka,
    registry: wanted.registry || registry,
    database: wanted.database || database,
  };
}

async function refuseTakenPorts(ports: Ports): Promise<void> {
  const words = { kafka: 'Kafka', registry: 'the registry', database: 'PostgreSQL' };
  const taken: string[] = [];
  for (const part of ['kafka', 'registry', 'database'] as const) {
    const port = ports[part];
    if (await isPortFree(port)) continue;
    taken.push(
      `Port ${port}, for ${words[part]}, is taken by ${holderOf(port)}. End that, or choose another: --${part}-port <port>`,
    );
  }
  if (taken.length > 0) throw new PlatformError(taken.join('\n'));
}
