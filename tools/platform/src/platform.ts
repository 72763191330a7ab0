/** Starts the platform with one of its providers, tells others by the state file, and ends it in order. */
import { rmSync } from 'node:fs';
import type { Child } from './child.ts';
import { ensureDatabase } from './database.ts';
import { PlatformError, textOf } from './errors.ts';
import { instancePaths } from './paths.ts';
import { freePorts, holderOf, isPortFree } from './ports.ts';
import { startTimeOf } from './process-identity.ts';
import type { OnProgress, Phase } from './progress.ts';
import { embedded } from './providers/embedded.ts';
import type { Ports, Provider } from './providers/provider.ts';
import { isOwnerAlive, livingProcesses, type PlatformState, readPlatformState, removePlatformState, writePlatformState } from './state.ts';

export const DEFAULT_PORTS: Ports = { kafka: 9092, registry: 8081, database: 5433 };

/** The instance of the test run: free ports, fresh data that goes away with it. */
export const TEST_INSTANCE = 'test';

export interface PlatformOptions {
  readonly instance?: string;
  readonly ports?: Partial<Ports>;
  /** Empties the data first. */
  readonly fresh?: boolean;
  readonly onProgress?: OnProgress;
  /** Told when a part ended by itself after the start; nothing is stopped or restarted. */
  readonly onCrash?: (crash: { readonly name: string; readonly message: string }) => void;
  /** Breaks off the start; what was started is stopped. */
  readonly signal?: AbortSignal;
}

export interface Platform {
  readonly instance: string;
  readonly kafka: { readonly brokers: readonly string[] };
  readonly registry: { readonly url: string };
  readonly database: { readonly url: string };
  /** Milliseconds of each phase of the start. */
  readonly timings: Readonly<Partial<Record<Phase, number>>>;
  /** Address of database `name`, which is created when it is missing. */
  databaseUrl(name: string): Promise<string>;
  /** Stops the registry, then Kafka, then PostgreSQL; resolves when all have ended. */
  stop(): Promise<void>;
  /** Ends everything at once. */
  kill(): void;
}

/** Resolves when everything answers. Throws a `PlatformError` with the reason; nothing is left running then. */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const { instance = 'dev', onProgress = () => undefined, onCrash, signal = new AbortController().signal } = options;
  const ephemeral = instance === TEST_INSTANCE;
  const paths = instancePaths(instance);
  refuseIfRunning(instance);
  const ports = ephemeral ? await freeTestPorts() : { ...DEFAULT_PORTS, ...options.ports };
  await refuseTakenPorts(ports);
  if (options.fresh || ephemeral) rmSync(paths.data, { recursive: true, force: true });

  const provider: Provider = embedded;
  const children: Child[] = [];
  const timings: Partial<Record<Phase, number>> = {};
  let stopping = false;
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
  tell({});

  const stopAll = async () => {
    stopping = true;
    for (const name of ['registry', 'Kafka', 'PostgreSQL']) {
      for (const child of children.filter((one) => one.name === name)) await child.stop();
    }
  };
  const kill = () => {
    stopping = true;
    for (const child of children) child.kill();
  };

  try {
    const parts = await provider.start({
      instance,
      paths,
      ports,
      ephemeral,
      signal,
      onProgress,
      async phase(phase, work) {
        const began = performance.now();
        onProgress({ kind: 'phase-began', phase });
        const result = await work();
        timings[phase] = performance.now() - began;
        onProgress({ kind: 'phase-ended', phase, ms: timings[phase] });
        return result;
      },
      register(child) {
        children.push(child);
        tell({ processes: children.map((one) => one.process) });
        void child.ended.then((how) => {
          if (stopping || state.status !== 'ready') return;
          onCrash?.({ name: child.name, message: `${child.name} ${how}; ${child.lastLines()}` });
        });
      },
    });
    signal.throwIfAborted();
    tell({ ...parts, status: 'ready' });
    return {
      instance,
      kafka: parts.kafka,
      registry: parts.registry,
      database: parts.database,
      timings,
      databaseUrl: (name) => ensureDatabase(parts.database.url, name),
      async stop() {
        await stopAll();
        await parts.stop?.();
        removePlatformState(instance);
        if (ephemeral) rmSync(paths.root, { recursive: true, force: true });
      },
      kill,
    };
  } catch (error) {
    await stopAll();
    tell({ status: 'failed', error: textOf(error), processes: [] });
    throw error;
  }
}

function refuseIfRunning(instance: string): void {
  const state = readPlatformState(instance);
  if (!state) return;
  if (isOwnerAlive(state) && state.status !== 'failed') {
    throw new PlatformError(
      `The platform "${instance}" runs already (process ${state.pid}). Use it, or stop it with: npm run platform -- down${forInstance(instance)}`,
    );
  }
  const left = livingProcesses(state);
  if (left.length === 0) return;
  const names = left.map(({ name, pid, port }) => `${name} (process ${pid}, port ${port})`).join(', ');
  throw new PlatformError(
    `A run of the platform "${instance}" that did not end in order left ${names}.\n` +
      `Stop what is left, then start again: npm run platform -- down${forInstance(instance)}`,
  );
}

function forInstance(instance: string): string {
  return instance === 'dev' ? '' : ` --instance ${instance}`;
}

async function freeTestPorts(): Promise<Ports> {
  const [kafka = 0, registry = 0, database = 0] = await freePorts(3);
  return { kafka, registry, database };
}

async function refuseTakenPorts(ports: Ports): Promise<void> {
  const words = { kafka: 'Kafka', registry: 'the registry', database: 'PostgreSQL' };
  const taken: string[] = [];
  for (const [part, port] of Object.entries(ports) as [keyof Ports, number][]) {
    if (await isPortFree(port)) continue;
    taken.push(`Port ${port}, for ${words[part]}, is held by ${holderOf(port)}. End that, or choose another: --${part}-port <port>`);
  }
  if (taken.length > 0) throw new PlatformError(taken.join('\n'));
}
