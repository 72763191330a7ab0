/** Health: is this process worth restarting (live), and is it useful right now (ready)? */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { errorText } from './error-text.ts';

/**
 * Passes by returning, fails by throwing: the error's message is the reason people read.
 * What it returns is shown as the check's detail.
 */
export type HealthCheck = () => unknown;

export interface HealthCheckResult {
  readonly name: string;
  readonly status: 'ok' | 'failing' | 'info';
  readonly reason?: string;
  readonly detail?: unknown;
}

export interface HealthReport {
  readonly status: 'ok' | 'failing' | 'draining';
  readonly checks: readonly HealthCheckResult[];
}

export interface Health {
  /** Adds what this service needs to be useful now. */
  readonly addReadiness: (name: string, check: HealthCheck) => void;
  /** Adds what a restart would cure: progress that stands still. Never an outage of something else. */
  readonly addLiveness: (name: string, check: HealthCheck) => void;
  /** Adds something worth showing on `/readyz` that decides nothing. */
  readonly addInfo: (name: string, check: HealthCheck) => void;
  /** Turns readiness off for good; liveness stays as it is. */
  readonly drain: () => void;
  /** Whether it was turned off. */
  readonly isDraining: () => boolean;
  /** Runs the readiness checks; a check without an answer in time fails. */
  readonly ready: () => Promise<HealthReport>;
  readonly live: () => Promise<HealthReport>;
  /** Ends the measurement of the event loop. */
  readonly close: () => void;
}

export interface HealthOptions {
  /** How long a check may take, in milliseconds. */
  readonly checkTimeoutMs?: number;
  /** From which mean delay between two looks, in milliseconds, the event loop counts as stuck. */
  readonly maxEventLoopDelayMs?: number;
}

type Checks = Map<string, HealthCheck>;

/** Returns the health of a process: live with a running event loop, ready without a single check, until more is added. */
export function createHealth({
  checkTimeoutMs = 2_000,
  maxEventLoopDelayMs = 1_000,
}: HealthOptions = {}): Health {
  const readiness: Checks = new Map();
  const liveness: Checks = new Map();
  const info: Checks = new Map();
  let draining = false;

  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  liveness.set('event-loop', () => {
    const meanMs = Number.isFinite(delay.mean) ? delay.mean / 1e6 : 0;
    delay.reset();
    if (meanMs > maxEventLoopDelayMs) {
      throw new Error(
        `the event loop is ${Math.round(meanMs)} ms late on average (limit ${maxEventLoopDelayMs} ms)`,
      );
    }
  });

  const runAll = (checks: Checks) =>
    Promise.all([...checks].map(([name, check]) => run(name, check, checkTimeoutMs)));

  return {
    addReadiness: (name, check) => add(readiness, name, check),
    addLiveness: (name, check) => add(liveness, name, check),
    addInfo: (name, check) => add(info, name, check),
    drain: () => {
      draining = true;
    },
    isDraining: () => draining,
    ready: shared(async () => {
      const [needed, shown] = await Promise.all([runAll(readiness), runAll(info)]);
      const checks = [...needed, ...shown.map((result) => ({ ...result, status: 'info' as const }))];
      if (draining) {
        const reason = 'the service is shutting down and takes no new work';
        return { status: 'draining', checks: [{ name: 'shutdown', status: 'failing', reason }, ...checks] };
      }
      return { status: verdict(needed), checks };
    }),
    live: shared(async () => {
      const checks = await runAll(liveness);
      return { status: verdict(checks), checks };
    }),
    close: () => {
      delay.disable();
    },
  };
}

function add(checks: Checks, name: string, check: HealthCheck) {
  if (checks.has(name)) throw new Error(`There is a check named "${name}" already`);
  checks.set(name, check);
}

const verdict = (results: readonly HealthCheckResult[]) =>
  results.every((result) => result.status === 'ok') ? 'ok' : 'failing';

/** Callers that come while a report is made get that report: probes cannot pile up on something slow. */
function shared(make: () => Promise<HealthReport>): () => Promise<HealthReport> {
  let running: Promise<HealthReport> | undefined;
  return () => (running ??= make().finally(() => (running = undefined)));
}

async function run(name: string, check: HealthCheck, timeoutMs: number): Promise<HealthCheckResult> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    });
    const detail = await Promise.race([(async () => await check())(), timeout]);
    return detail === undefined ? { name, status: 'ok' } : { name, status: 'ok', detail };
  } catch (error) {
    return { name, status: 'failing', reason: errorText(error) };
  } finally {
    clearTimeout(timer);
  }
}
