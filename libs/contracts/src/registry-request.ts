import { RegistryUnavailableError } from './errors.ts';

/** Where the schema registry is, and how to ask it. */
export interface RegistryAddress {
  /** Base of the Confluent-compatible API, for example `http://127.0.0.1:8081/apis/ccompat/v7`. */
  readonly registryUrl: string;
  /** Replaces the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /** Time for one request, in milliseconds; 2000 when absent. */
  readonly timeoutMs?: number;
}

/** An answer that came from a registry, not from something in front of it. */
export interface RegistryAnswer {
  readonly status: number;
  readonly body: unknown;
  /** The registry's own code, for example 40403 for a schema that does not exist; absent on success. */
  readonly errorCode?: number;
  readonly message?: string;
}

/**
 * Asks the registry once. Answers of the 400 range are returned when they carry the registry's error code; everything
 * else, no answer in time included, throws `RegistryUnavailableError`.
 */
export async function registryRequest(
  { registryUrl, fetch = globalThis.fetch, timeoutMs = 2_000 }: RegistryAddress,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: unknown,
): Promise<RegistryAnswer> {
  const url = `${registryUrl.replace(/\/+$/, '')}${path}`;
  const what = `${method} ${url}`;
  let response;
  let text;
  try {
    response = await fetch(url, {
      method,
      headers: { accept: 'application/json', 'content-type': 'application/vnd.schemaregistry.v1+json' },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    text = await response.text();
  } catch (error) {
    throw new RegistryUnavailableError(`${what}: ${describeFailure(error, timeoutMs)}`, { cause: error });
  }
  const json = parseJson(text);
  if (response.ok && json !== undefined) return { status: response.status, body: json };
  const { error_code: errorCode, message } = (json ?? {}) as { error_code?: unknown; message?: unknown };
  if (response.status >= 400 && response.status < 500 && typeof errorCode === 'number') {
    return {
      status: response.status,
      body: json,
      errorCode,
      message: typeof message === 'string' ? message : '',
    };
  }
  const told =
    typeof message === 'string' ? `: ${message}` : ' without saying anything a schema registry says';
  throw new RegistryUnavailableError(`${what}: answered ${response.status}${told}`);
}

/** Names the cause that `fetch` hides in `cause`, in words for a log line. */
function describeFailure(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const cause = error.cause as { code?: unknown; message?: unknown } | undefined;
  if (typeof cause?.code === 'string')
    return cause.code === 'ECONNREFUSED' ? 'connection refused' : cause.code;
  return typeof cause?.message === 'string' ? cause.message : error.message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
