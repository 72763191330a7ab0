/** The state file of an instance: how other programs find the platform, and how the next start finds what a crash left. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './errors.ts';
import { instancePaths } from './paths.ts';
import { isSameProcess } from './process-identity.ts';

export type ProviderName = 'given' | 'container' | 'embedded';

/** The words for the parts, in messages and in the state file. */
export type PartName = 'Kafka' | 'registry' | 'PostgreSQL';

/** A process that the platform started. */
export interface OwnedProcess<Name extends string = PartName> {
  readonly name: Name;
  readonly pid: number;
  readonly startTime: string;
  readonly port: number;
}

/** Content of the state file. */
export interface PlatformState {
  readonly instance: string;
  /** The process that started the platform and stops it. */
  readonly pid: number;
  readonly startTime: string;
  readonly provider: ProviderName;
  readonly status: 'starting' | 'ready' | 'failed';
  /** Why it failed, as told to the user. */
  readonly error?: string;
  readonly kafka: { readonly brokers: readonly string[] };
  /** Base address of the Confluent-compatible interface, version 7. */
  readonly registry: { readonly url: string };
  /** Address with administrator rights; its path is replaced per application. Holds the password. */
  readonly database: { readonly url: string };
  readonly processes: readonly OwnedProcess[];
}

/** Returns the state of `instance`, or undefined when there is no readable state file. */
export function readPlatformState(instance: string): PlatformState | undefined {
  try {
    return JSON.parse(readFileSync(instancePaths(instance).state, 'utf8')) as PlatformState;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Writes the state at once: a reader sees the old file or the new one, never a part. */
export function writePlatformState(state: PlatformState): void {
  const file = instancePaths(state.instance).state;
  mkdirSync(dirname(file), { recursive: true });
  const part = `${file}.${process.pid}`;
  writeFileSync(part, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(part, file);
}

/** Removes the state file of `instance`. */
export function removePlatformState(instance: string): void {
  rmSync(instancePaths(instance).state, { force: true });
}

/** Returns whether the process that runs the platform lives. */
export function isOwnerAlive(state: PlatformState): boolean {
  return isSameProcess(state.pid, state.startTime);
}

/** Returns the processes of `state` that still live. */
export function livingProcesses(state: PlatformState): OwnedProcess[] {
  return state.processes.filter(({ pid, startTime }) => isSameProcess(pid, startTime));
}
