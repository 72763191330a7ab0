/** What every way to get Kafka, a registry and a database has in common. */
import type { Child } from '../child.ts';
import type { InstancePaths } from '../paths.ts';
import type { OnProgress, Phase } from '../progress.ts';
import type { ProviderName } from '../state.ts';

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
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** Runs a step and tells its time. */
  phase<T>(phase: Phase, work: () => Promise<T>): Promise<T>;
  /** To be called for every process as soon as it lives: from then on it is in the state file, watched and stopped. */
  register(child: Child): void;
}

/** Addresses of what a provider started; all of it answers. */
export interface Parts {
  readonly kafka: { readonly brokers: readonly string[] };
  readonly registry: { readonly url: string };
  readonly database: { readonly url: string };
  /** Ends what is not a registered process. */
  stop?(): Promise<void>;
}

export interface Provider {
  readonly name: ProviderName;
  start(context: ProviderContext): Promise<Parts>;
}
