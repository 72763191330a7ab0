/** The whole blueprint on this machine: the platform, then the apps, as one thing with a start and a stop. */
import { join } from 'node:path';
import {
  holderOf,
  instancePaths,
  isPortFree,
  PlatformError,
  textOf,
  startPlatform,
  type OnProgress,
  type Platform,
} from '@eda/platform';
import { setTimeout as delay } from 'node:timers/promises';
import { makeCatalog } from './catalog.ts';
import { APPS, type PlatformAddresses } from './apps.ts';
import type { StartOptions } from './options.ts';
import { RunningApps } from './running-apps.ts';

export interface SystemOptions extends StartOptions {
  readonly onProgress: OnProgress;
  /** Told when something died by itself; it is started again. */
  onDeath(message: string): void;
  /** Told how long a part of the start took, in milliseconds. */
  onPhase(name: string, ms: number): void;
  /** Breaks off the start in order. */
  readonly signal: AbortSignal;
  /** Ends every process at once, whatever goes on. */
  readonly killSignal: AbortSignal;
}

export interface System {
  /** Resolves when the console shows the first event. */
  firstEvent(): Promise<void>;
  stop(): Promise<void>;
}

export const platformAddresses = (platform: Platform): PlatformAddresses => ({
  brokers: platform.kafka.brokers,
  registryUrl: platform.registry.url,
  databaseUrl: (name) => platform.databaseUrl(name),
});

/** Resolves when every app answers that it is ready; throws a `PlatformError` otherwise, with nothing left running. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { ports, signal } = options;
  await refuseTakenPorts(ports);
  const catalogFolder = join(instancePaths(options.instance).root, 'catalog');
  // While the platform starts, which waits for others.
  const catalog = makeCatalog(catalogFolder, options.onProgress);
  const platform = await startPlatform({
    ...options.platform,
    instance: options.instance,
    fresh: options.fresh,
    onProgress: options.onProgress,
    onCrash({ name, message }) {
      options.onDeath(`${message}\nIt is started again.`);
      platform.restart(name).then(
        () => options.onDeath(`${name} answers again.`),
        (error: unknown) => options.onDeath(`${name} could not be started again: ${textOf(error)}`),
      );
    },
    signal,
    killSignal: options.killSignal,
  });
  const began = performance.now();
  const logFolder = instancePaths(platform.instance).logs;
  let apps: RunningApps | undefined;
  const stop = async () => {
    await apps?.stop();
    await platform.stop();
  };
  options.killSignal.addEventListener('abort', () => apps?.kill());
  try {
    await catalog;
    apps = await RunningApps.start({
      platform: platformAddresses(platform),
      ports,
      logFolder,
      simulationRate: options.rate,
      env: {
        NODE_COMPILE_CACHE: join(instancePaths(platform.instance).root, 'compile-cache'),
        CATALOG_DIR: catalogFolder,
      },
      restart: true,
      onDeath: ({ message, restarted }) =>
        options.onDeath(restarted ? `${message}\nIt is started again.` : message),
    });
    await apps.ready(signal);
    options.onPhase('apps', performance.now() - began);
    await apps.startSimulation();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    stop,
    async firstEvent() {
      while (!signal.aborted) {
        const response = await fetch(`http://127.0.0.1:${ports.console}/api/snapshot`).catch(() => undefined);
        const snapshot = (await response?.json()) as { events?: unknown[] } | undefined;
        if ((snapshot?.events?.length ?? 0) > 0) return;
        await delay(100);
      }
    },
  };
}

async function refuseTakenPorts(ports: StartOptions['ports']): Promise<void> {
  const taken: string[] = [];
  for (const { name } of APPS) {
    const port = ports[name];
    if (await isPortFree(port)) continue;
    taken.push(
      `Port ${port}, for ${name}, is held by ${holderOf(port)}. End that, or choose another: --${name}-port <port>`,
    );
  }
  if (taken.length > 0) throw new PlatformError(taken.join('\n'));
}
