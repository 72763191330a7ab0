/** The life of a process: start, run, and stop in order when asked to. */
import type { Logger } from 'pino';
import { ConfigError } from './config.ts';
import { errorText } from './error-text.ts';
import type { Health } from './health.ts';
import { createLogger } from './logger.ts';

/** A part that can be stopped. */
export interface Stoppable {
  readonly name: string;
  /** Finishes what is in work and stops, within `deadlineMs` if it can. */
  stop(deadlineMs: number): Promise<unknown>;
}

/** What a started service hands over to be stopped. */
export interface RunningService {
  /** Turned to "not ready" before anything stops. */
  readonly health?: Health;
  /** Stopped one after the other, in this order: HTTP first, the database last. */
  readonly stop: readonly Stoppable[];
  readonly logger?: Logger;
  /** Milliseconds between "not ready" and the first stop, for load balancers to notice. */
  readonly drainMs?: number;
  /** Milliseconds the whole shutdown may take. */
  readonly deadlineMs?: number;
}

export interface ServiceDefinition {
  readonly name: string;
  readonly logger?: Logger;
  /** Starts everything; `signal` is aborted when the process is told to stop meanwhile. */
  start(context: { readonly signal: AbortSignal }): Promise<RunningService>;
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
const DEFAULT_DEADLINE_MS = 20_000;
const KEEP_ALIVE_MS = 2 ** 30;

/**
 * Runs a service until SIGTERM or SIGINT: not ready, drain, stop each part in order within the deadline, exit 0
 * (exit 1 when a part failed or the deadline passed). A second signal exits at once. A start that fails prints one
 * clear line (all lines for configuration) and exits 1; an unhandled rejection or exception is logged and exits 1.
 */
export async function runService(definition: ServiceDefinition): Promise<void> {
  const { name } = definition;
  let logger = definition.logger ?? createLogger({ name });
  const starting = new AbortController();
  const stopRequested = Promise.withResolvers<string>();
  let signals = 0;
  let startDeadline: NodeJS.Timeout | undefined;
  let started = false;

  for (const signal of SIGNALS) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) {
        logger.warn({ signal }, 'second signal: exiting at once');
        process.exit(1);
      }
      logger.info({ signal }, 'stopping');
      starting.abort(new Error(`stopped by ${signal}`));
      stopRequested.resolve(signal);
      if (started) return;
      startDeadline = setTimeout(() => {
        logger.error('the start did not end after the signal: exiting');
        process.exit(1);
      }, DEFAULT_DEADLINE_MS);
    });
  }
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error: unknown) => {
      logger.fatal({ err: error }, `${event}: exiting`);
      process.exit(1);
    });
  }

  let service: RunningService;
  try {
    service = await definition.start({ signal: starting.signal });
  } catch (error) {
    if (starting.signal.aborted) process.exit(0);
    process.stderr.write(`${name} cannot start: ${startErrorText(error)}\n`);
    process.exit(1);
  }
  started = true;
  clearTimeout(startDeadline);
  logger = service.logger ?? logger;
  logger.info('started');

  // A service with nothing open still waits for its signal.
  const keepAlive = setInterval(() => undefined, KEEP_ALIVE_MS);
  await stopRequested.promise;
  clearInterval(keepAlive);
  process.exit((await stopService(service, logger)) ? 0 : 1);
}

/** Stops the parts in order; tells whether all stopped well and in time. */
export async function stopService(service: RunningService, logger: Logger): Promise<boolean> {
  const { health, stop, drainMs = 0, deadlineMs = DEFAULT_DEADLINE_MS } = service;
  const deadline = Date.now() + deadlineMs;
  health?.drain();
  if (drainMs > 0) await delay(Math.min(drainMs, deadlineMs));

  let well = true;
  for (const part of stop) {
    const remainingMs = Math.max(deadline - Date.now(), 1);
    try {
      await within(remainingMs, () => part.stop(remainingMs));
      logger.debug({ part: part.name }, 'stopped');
    } catch (error) {
      well = false;
      logger.error({ err: error, part: part.name }, 'did not stop well');
    }
  }
  health?.close();
  logger.info({ well }, 'stopped');
  return well;
}

async function within(milliseconds: number, work: () => Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no end within the ${milliseconds} ms that were left`)),
      milliseconds,
    );
  });
  try {
    await Promise.race([work(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

const delay = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

interface SystemError extends Error {
  code?: string;
  port?: number;
  address?: string;
}

/** What a person needs to read when the start failed: the reason and, where it is known, the way out. */
export function startErrorText(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { code, port, address = '' } = error as SystemError;
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port ?? '?'} on ${address} is taken by another process. Set PORT to a free port, or stop that process.`;
    case 'EACCES':
      if (port !== undefined)
        return `port ${port} on ${address} may not be opened by this user. Set PORT to 1024 or more.`;
      break;
    case 'EADDRNOTAVAIL':
      return `this machine has no address ${address}. Set HOST to one it has, for example 127.0.0.1.`;
  }
  const cause = error.cause instanceof Error && error.cause.message !== '' ? ` (${error.cause.message})` : '';
  return `${errorText(error).replaceAll(/\s*\n\s*/g, ' ')}${cause}`;
}
