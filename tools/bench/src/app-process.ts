/** Programs of this workspace as processes, for as long as a scenario needs them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { freePorts, WORKSPACE } from '@eda/platform';

export interface ServedApp {
  readonly url: string;
  /** CPU seconds so far, user and system; undefined where the system does not tell (Linux does). */
  cpuSeconds(): number | undefined;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const TICKS_A_SECOND = 100;

/** Starts `file` with a port of its own and resolves when `/readyz` says yes. */
export async function serveApp(
  file: string,
  env: Record<string, string>,
  nodeFlags: readonly string[] = [],
): Promise<ServedApp> {
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [...nodeFlags, file], {
    cwd: WORKSPACE,
    env: {
      PATH: process.env['PATH'] ?? '',
      LOG_LEVEL: 'warn',
      SHUTDOWN_DRAIN_MS: '0',
      ...env,
      PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-3000)));
  const ended = once(child, 'close');
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
  };
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok === true) break;
    if (child.exitCode !== null || performance.now() > deadline) {
      await stop();
      throw new Error(`${file} did not become ready: ${output.trim()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { url, stop, cpuSeconds: () => cpuOf(child.pid ?? 0) };
}

function cpuOf(pid: number): number | undefined {
  try {
    // The name of the program may have blanks; what is counted begins behind its bracket.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  } catch {
    return undefined;
  }
}
