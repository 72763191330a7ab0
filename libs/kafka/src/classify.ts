import type { Verdict } from './errors.ts';

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/**
 * SQLSTATE values of a database that cannot answer now: connection exceptions, no resources, operator intervention and
 * system errors, plus single codes: serialization failure, deadlock, lock or statement time-out, a standby after a
 * failover.
 */
const TRANSIENT_SQLSTATE = /^(?:08...|53...|57P0.|58...|40001|40P01|55P03|57014|25006|25P03|25P04)$/;

const VERDICTS: readonly unknown[] = ['transient', 'poison', 'business'] satisfies Verdict[];

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/**
 * Says what a failure means: the error's own `verdict` if it or one of its causes has one, `transient` for an unreachable or
 * overloaded database or network, `business` for everything else. Decides by property and code, never by message.
 */
export function classify(error: unknown): Verdict {
  for (let current = error, depth = 0; current !== undefined && current !== null && depth < 10; depth += 1) {
    const verdict = property(current, 'verdict');
    if (VERDICTS.includes(verdict)) return verdict as Verdict;
    const code = property(current, 'code');
    if (typeof code === 'string' && (NETWORK_CODES.has(code) || TRANSIENT_SQLSTATE.test(code)))
      return 'transient';
    current = property(current, 'cause');
  }
  return 'business';
}
