/** What every way to get Kafka, a registry and a database has in common. */
import type { InstancePaths } from '../paths.ts';
import type { OnProgress, Phase } from '../progress.ts';
import type { ProviderName } from '../state.ts';
import type { PartRecipe } from '../supervisor.ts';
import type { PartName } from '../state.ts';

/** Ports on loopback, all of them free when the provider gets them. */
export interface Ports {
  readonly kafka: number;
  readonly registry: number;
  readonly database: number;
}

export interface ProviderContext {
  readonly instance: string;
  readonly paths: InstancePaths;
  readonly ports: Ports;
  /** Whether the data goes away with the instance. */
  readonly ephemeral: boolean;
  /** Whether data of earlier runs must go; the folder `paths.data` is empty then already. */
  readonly fresh: boolean;
  /** Aborted when the start is broken off. */
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** Runs a step of the start and tells how long it took. */
  readonly phase: <T>(phase: Phase, work: () => Promise<T>) => Promise<T>;
  /** Runs a part as a phase of its own: in the state file as soon as it lives, watched, stopped at the end. */
  readonly run: (name: PartName, recipe: PartRecipe, signal: AbortSignal) => Promise<void>;
}

/** Addresses of what a provider started; all of it answers. */
export interface Addresses {
  readonly kafka: { readonly brokers: readonly string[] };
  readonly registry: { readonly url: string };
  readonly database: { readonly url: string };
}

export interface Provider {
  readonly name: ProviderName;
  /** Whether it starts servers on our ports, which must be free then. */
  readonly usesPorts: boolean;
  /** Resolves when everything answers. On failure, the caller stops what runs. */
  start(context: ProviderContext): Promise<Addresses>;
  /** Removes what is no part and no folder of the instance, after all parts have stopped. */
  cleanUp?(): Promise<void>;
}

/**
 * Runs `works` beside each other and waits for all of them, then throws the first failure if there was one. The first
 * failure aborts the signal they got, so that nothing is still starting behind the back of the clean-up.
 */
export async function together(
  signal: AbortSignal,
  works: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const guarded = works.map(async (work) => {
    try {
      await work(either);
    } catch (error) {
      failed.abort(error);
    }
  });
  await Promise.all(guarded);
  failed.signal.throwIfAborted();
}
