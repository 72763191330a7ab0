/** One app as a process of its own: started, watched until it is ready, started again when it dies, stopped in time. */
import { setTimeout as delay } from 'node:timers/promises';
import { PlatformError, startProcess, WORKSPACE, type Part } from '@eda/platform';

/** After these many deaths within a minute, an app is given up. */
const RESTART_BUDGET = 5;
const RESTART_WINDOW_MS = 60_000;

export interface AppProcessOptions {
  readonly name: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly port?: number;
  /** Answers 200 when the app is useful; absent for a program without HTTP. */
  readonly readyUrl?: string;
  /** Whether the app is started again after it died. */
  readonly restart: boolean;
  onDeath?(death: { readonly name: string; readonly message: string; readonly restarted: boolean }): void;
}

export class AppProcess {
  readonly name: string;
  readonly #options: AppProcessOptions;
  #child: Part<string> | undefined;
  #stopping = false;
  #givenUp: string | undefined;
  #deaths: number[] = [];

  constructor(options: AppProcessOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.process?.pid;
  }

  /** Starts the process; resolves when it runs, not yet when it is ready. */
  async start(): Promise<void> {
    const { name, args = [], env, logFile, port = 0 } = this.#options;
    const child = await startProcess({
      name,
      command: process.execPath,
      args: [`apps/${name}/src/main.ts`, ...args],
      cwd: WORKSPACE,
      env: { ...env },
      logFile,
      port,
    });
    this.#child = child;
    void child.ended.then(({ how }) => {
      if (this.#child === child) this.#child = undefined;
      if (!this.#stopping) this.#died(how, child.lastLines());
    });
  }

  #died(how: string, lastLines: string): void {
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < RESTART_WINDOW_MS), now];
    const restarted = this.#options.restart && this.#deaths.length <= RESTART_BUDGET;
    const message = `${this.name} ${how}; ${lastLines}`;
    if (!restarted) this.#givenUp = message;
    this.#options.onDeath?.({ name: this.name, message, restarted });
    if (restarted)
      void delay(500 * this.#deaths.length).then(() => (this.#stopping ? undefined : this.start()));
  }

  /** Resolves when the app answers that it is ready; rejects with the app's own words when it ended or `deadlineMs` passed. */
  async ready(deadlineMs: number, signal?: AbortSignal): Promise<void> {
    const { readyUrl } = this.#options;
    if (readyUrl === undefined) return;
    const deadline = Date.now() + deadlineMs;
    let reason = 'no answer yet';
    while (Date.now() < deadline) {
      signal?.throwIfAborted();
      if (this.#givenUp !== undefined) throw new PlatformError(this.#givenUp);
      try {
        const response = await fetch(readyUrl, { signal: AbortSignal.timeout(2_000) });
        if (response.ok) return;
        reason = await response.text();
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error);
      }
      await delay(100);
    }
    throw new PlatformError(
      `${this.name} was not ready after ${deadlineMs / 1_000} s: ${reason}\nIts log: ${this.#options.logFile}`,
    );
  }

  /** Asks the process to end, insists after `deadlineMs`, and resolves when it is gone. */
  async stop(deadlineMs = 10_000): Promise<void> {
    this.#stopping = true;
    await this.#child?.stop(deadlineMs);
  }

  /** Ends the process at once, nothing drained. */
  kill(): void {
    this.#stopping = true;
    this.#child?.kill();
  }
}
