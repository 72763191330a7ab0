/** Asks every part of the system how it is, the way an operator would: over the network. */
import type { HealthState, PartHealth } from './messages.ts';

/** What a check found. */
export interface Finding {
  readonly state: HealthState;
  readonly detail: string;
}

export interface Part {
  readonly name: string;
  /** Finds out how the part is; throwing means that it is down, with the error's message as the reason. */
  check(signal: AbortSignal): Promise<Finding>;
}

export interface HealthProbe {
  /** Checks all parts at the same time; no part delays another by more than the time limit. */
  refresh(): Promise<void>;
  current(): readonly PartHealth[];
}

/** Returns a probe that knows nothing yet; a check that takes longer than `timeoutMs` means down. */
export function createHealthProbe(parts: readonly Part[], timeoutMs = 2000): HealthProbe {
  let health: PartHealth[] = parts.map(({ name }) => ({ name, state: 'unknown', detail: 'not asked yet' }));
  return {
    async refresh() {
      health = await Promise.all(
        parts.map(async (part) => ({ name: part.name, ...(await checkWithin(part, timeoutMs)) })),
      );
    },
    current: () => health,
  };
}

/** Returns a part that is one of our services: up when `/readyz` says so, degraded when it answers that it is not ready. */
export function servicePart(name: string, baseUrl: string): Part {
  return {
    name,
    async check(signal) {
      const response = await fetch(new URL('/readyz', baseUrl), { signal });
      const body = await response.text();
      return response.ok
        ? { state: 'up', detail: 'ready' }
        : { state: 'degraded', detail: `not ready: ${reasonOf(body) ?? `HTTP ${response.status}`}` };
    },
  };
}

/** Returns a part that is up when a GET of `url` succeeds. */
export function httpPart(name: string, url: string, found: string): Part {
  return {
    name,
    async check(signal) {
      const response = await fetch(url, { signal });
      await response.body?.cancel();
      return response.ok
        ? { state: 'up', detail: found }
        : { state: 'degraded', detail: `HTTP ${response.status}` };
    },
  };
}

async function checkWithin(part: Part, timeoutMs: number): Promise<Finding> {
  const signal = AbortSignal.timeout(timeoutMs);
  const late = new Promise<Finding>((resolve) => {
    signal.addEventListener('abort', () =>
      resolve({ state: 'down', detail: `no answer in ${timeoutMs / 1000} s` }),
    );
  });
  const asked = part.check(signal).catch((error: unknown): Finding => {
    if (signal.aborted) return { state: 'down', detail: `no answer in ${timeoutMs / 1000} s` };
    return { state: 'down', detail: networkReason(error) };
  });
  return Promise.race([asked, late]);
}

/** fetch says only "fetch failed"; what happened stands in the cause. */
function networkReason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED')
    return 'not running (connection refused)';
  return cause instanceof Error ? cause.message : String(cause);
}

/** The reasons in a readiness answer: every check that fails, with its name. */
function reasonOf(body: string): string | undefined {
  try {
    const { checks } = JSON.parse(body) as { checks?: { name: string; status: string; reason?: string }[] };
    const failing = checks?.filter((check) => check.status === 'failing') ?? [];
    return failing.map((check) => `${check.name}: ${check.reason ?? 'failing'}`).join('; ') || undefined;
  } catch {
    return undefined;
  }
}
