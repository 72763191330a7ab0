import { setTimeout as sleep } from 'node:timers/promises';
import { failureOf, misfitOf } from './registry-failures.ts';
import type { Asked } from './registry-failures.ts';
import type { RegistryAddress } from './registry-address.ts';
import { RegistryProblem } from './registry-problem.ts';

/** What a registry said: the JSON of a success, or its own reason for not doing it. */
export interface RegistryAnswer {
  readonly ok: boolean;
  readonly status: number;
  readonly body: unknown;
  /** The registry's reason on one line; empty for a success. */
  readonly reason: string;
}

export interface RegistryClientOptions extends RegistryAddress {
  /** Time for one request, repetitions included. */
  readonly timeoutMs?: number;
  /** For how long `connect` waits for a registry that does not answer yet; 0 when absent. */
  readonly waitMs?: number;
  /** Called before each pause of `connect` with what is waited for. */
  readonly onWaiting?: (reason: string) => void;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export const DEFAULT_TIMEOUT_MS = 15_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/**
 * A registry over HTTP. A request ends within the time-out: with an answer of a registry, or with a `RegistryProblem`.
 * One that met 503 or a refused connection is repeated until then; all requests may be repeated without harm.
 */
export class RegistryClient {
  readonly url: string;
  readonly nativeUrl: string | undefined;
  readonly timeoutMs: number;
  readonly #options: RegistryClientOptions;
  /** One greeting for all who ask at the same time. */
  #connected: Promise<void> | undefined;

  constructor(options: RegistryClientOptions) {
    this.#options = options;
    this.url = options.url;
    this.nativeUrl = options.nativeUrl;
    this.timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  }

  /** Resolves when a registry answers; waits for one that is not there yet as long as it was told to. */
  connect(): Promise<void> {
    this.#connected ??= this.#untilGreeted().catch((error: unknown) => {
      this.#connected = undefined;
      throw error;
    });
    return this.#connected;
  }

  /** Asks the Confluent-compatible API. */
  async ask(method: Method, path: string, body?: unknown): Promise<RegistryAnswer> {
    await this.connect();
    return this.#insist({ method, url: `${this.url}${path}` }, body);
  }

  /** Asks Apicurio's own API. Throws `RegistryProblem` when the address is not that of an Apicurio Registry. */
  async askNative(method: Method, path: string, body?: unknown): Promise<RegistryAnswer> {
    await this.connect();
    if (this.nativeUrl === undefined) {
      throw new RegistryProblem(
        `${this.url} is not the address of an Apicurio Registry 3, whose own API is needed here. ` +
          'Give the one that ends in /apis/ccompat/v7 with --registry or SCHEMA_REGISTRY_URL.',
      );
    }
    return this.#insist({ method, url: `${this.nativeUrl}${path}` }, body);
  }

  async #untilGreeted(): Promise<void> {
    const { waitMs = 0, onWaiting } = this.#options;
    const deadline = performance.now() + waitMs;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        await this.#greet(Math.max(1_000, deadline - performance.now()));
        return;
      } catch (error) {
        const left = deadline - performance.now();
        if (!(error instanceof RegistryProblem) || !error.passing || left <= 0) throw error;
        onWaiting?.(error.message);
        await sleep(Math.min(pause, left));
      }
    }
  }

  async #greet(leftMs: number): Promise<void> {
    const asked = { method: 'GET', url: `${this.url}/config` } as const;
    // While waiting, a try that hangs must not take longer than the wait.
    const limit = this.#options.waitMs ? Math.min(this.timeoutMs, leftMs) : this.timeoutMs;
    const { ok, status, body, reason } = await this.#once(asked, limit);
    const level = (body as { compatibilityLevel?: unknown } | null)?.compatibilityLevel;
    if (ok && typeof level === 'string') return;
    throw misfitOf(asked, { status, reason, type: 'JSON', identified: this.#identified });
  }

  async #insist(asked: Asked, body: unknown): Promise<RegistryAnswer> {
    const deadline = performance.now() + this.timeoutMs;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        return await this.#once(asked, Math.max(1, deadline - performance.now()), body);
      } catch (error) {
        const fits = performance.now() + pause < deadline;
        if (!(error instanceof RegistryProblem) || !error.repeatable || !fits) throw error;
        await sleep(pause);
      }
    }
  }

  async #once(asked: Asked, limitMs: number, body?: unknown): Promise<RegistryAnswer> {
    const { authorization } = this.#options;
    let response;
    let text;
    try {
      response = await fetch(asked.url, {
        method: asked.method,
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          ...(authorization !== undefined && { authorization }),
        },
        // Credentials are for the address that was given, not for where it points to.
        redirect: 'manual',
        signal: AbortSignal.timeout(Math.ceil(limitMs)),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (error) {
      throw failureOf(asked, error, this.timeoutMs);
    }
    const json = parseJson(text);
    const reason = response.ok ? '' : reasonOf(json);
    if (json !== undefined && response.ok)
      return { ok: true, status: response.status, body: json, reason: '' };
    if (isOwnRefusal(json) && [400, 404, 409, 422].includes(response.status)) {
      return { ok: false, status: response.status, body: json, reason };
    }
    throw misfitOf(asked, {
      status: response.status,
      reason,
      type: json === undefined ? (response.headers.get('content-type') ?? 'nothing readable') : 'JSON',
      identified: this.#identified,
    });
  }

  get #identified(): boolean {
    return this.#options.authorization !== undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The Confluent-compatible API says `error_code` and `message`, Apicurio's own `name` and `title`. */
function isOwnRefusal(json: unknown): boolean {
  const { error_code: code, name } = (json ?? {}) as { error_code?: unknown; name?: unknown };
  return typeof code === 'number' || typeof name === 'string';
}

function reasonOf(json: unknown): string {
  const { message, causes, title } = (json ?? {}) as Partial<Record<string, unknown>>;
  const list = Array.isArray(causes) ? (causes as { description?: unknown; context?: unknown }[]) : [];
  const places = list.map(({ description, context }) => `${String(description)} at ${String(context)}`);
  const texts = places.length > 0 ? places : [message, title].filter((text) => typeof text === 'string');
  return oneLine(texts.join(', '));
}

function oneLine(text: string): string {
  const line = text
    .replace(/^[\w.]+Exception: /, '')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= 500 ? line : `${line.slice(0, 500)}…`;
}
