/** `npm start` as the user runs it: a process with arguments, output, signals and an exit code. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePorts, holderOf, instancePaths, isPortFree, WORKSPACE } from '@eda/platform';
import { waitFor } from '@eda/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { APPS } from './apps.ts';

const INSTANCE = `start-${process.pid}`;
const NAMES = [...APPS.map(({ name }) => name), 'kafka', 'registry', 'database'];

class Run {
  readonly child: ChildProcess;
  output = '';
  readonly exit: Promise<number | null>;

  constructor(script: string, args: readonly string[]) {
    this.child = spawn(process.execPath, [join('tools/system/src', script), ...args], {
      cwd: WORKSPACE,
      // The addresses of the test run would make the start use them instead of starting servers.
      env: {
        ...process.env,
        KAFKA_BROKERS: '',
        SCHEMA_REGISTRY_URL: '',
        DATABASE_URL: '',
        PLATFORM_PROVIDER: 'embedded',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.exit = once(this.child, 'close').then(([code]) => code as number | null);
  }

  /** Resolves when the output has `text`; fails with the output when the program ends before. */
  async says(text: string, timeoutMs = 120_000): Promise<void> {
    const over = () => this.output.includes(text) || this.child.exitCode !== null;
    await waitFor(over, { description: `"${text}" in the output`, timeoutMs }).catch(() => undefined);
    if (!this.output.includes(text)) throw new Error(`never said "${text}":\n${this.output}`);
  }
}

async function takenPorts(ports: readonly number[]): Promise<number[]> {
  const taken = await Promise.all(ports.map(async (port) => ((await isPortFree(port)) ? [] : [port])));
  return taken.flat();
}

let ports: number[];
let portArgs: string[];
const runs: Run[] = [];

const start = (...args: string[]) => {
  const run = new Run('start.ts', ['--instance', INSTANCE, ...portArgs, ...args]);
  runs.push(run);
  return run;
};

beforeEach(async () => {
  ports = await freePorts(NAMES.length);
  portArgs = NAMES.flatMap((name, index) => [`--${name}-port`, String(ports[index])]);
});

afterEach(async () => {
  for (const run of runs.splice(0)) {
    if (run.child.exitCode === null && run.child.signalCode === null) {
      run.child.kill('SIGINT');
      await run.exit;
    }
  }
});

describe('npm start', { timeout: 240_000 }, () => {
  it('shows the system, stops everything at Ctrl-C, keeps the data, and stops at once when asked twice', async () => {
    const { root, state, temp } = instancePaths(INSTANCE);
    try {
      const first = start('--rate', '5');
      await first.says('first event on the page');
      for (const { name } of APPS) expect(first.output).toContain(`  ${name} `);
      expect(await takenPorts(ports)).toHaveLength(NAMES.length);

      first.child.kill('SIGINT');
      expect(await first.exit).toBe(0);
      expect(await takenPorts(ports)).toEqual([]);
      expect(existsSync(state)).toBe(false);
      expect(existsSync(temp)).toBe(false);
      expect(existsSync(join(root, 'data'))).toBe(true);

      const second = start('--rate', '0');
      await second.says('Ctrl-C stops everything');
      // A store that cannot answer the first signal.
      const [, storePid] = /process (\d+)/.exec(holderOf(ports[NAMES.indexOf('store')] ?? 0)) ?? [];
      process.kill(Number(storePid), 'SIGSTOP');
      second.child.kill('SIGINT');
      await second.says('Stopping in order');
      // Signals in quick succession are the same Ctrl-C, passed on by the terminal and by npm.
      second.child.kill('SIGINT');
      const again = setInterval(() => second.child.kill('SIGINT'), 600);
      void second.exit.then(() => clearInterval(again));
      expect(await second.exit).toBe(130);
      await waitFor(async () => (await takenPorts(ports)).length === 0, {
        description: 'all ports free',
        timeoutMs: 5_000,
      });
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  it('leaves nothing behind when it is stopped while it starts', async () => {
    try {
      const run = start('--fresh');
      await run.says('Kafka');
      run.child.kill('SIGINT');
      expect(await run.exit).toBe(0);
      expect(await takenPorts(ports)).toEqual([]);
    } finally {
      rmSync(instancePaths(INSTANCE).root, { recursive: true, force: true });
    }
  });

  it('names the port that is taken, who holds it and the option to change it', async () => {
    const port = ports[NAMES.indexOf('store')];
    const holder = createServer().listen(port, '127.0.0.1');
    await once(holder, 'listening');
    try {
      const run = start();
      expect(await run.exit).toBe(1);
      expect(run.output).toContain(`Port ${port}, for store, is held by process ${process.pid}`);
      expect(run.output).toContain('--store-port <port>');
      expect(run.output).not.toContain('    at ');
    } finally {
      holder.close();
    }
  });

  it('says what it does not understand, and explains itself when asked', async () => {
    const wrong = new Run('start.ts', ['--frehs']);
    expect(await wrong.exit).toBe(2);
    expect(wrong.output).toContain("Unknown option '--frehs'");
    const help = new Run('start.ts', ['--help']);
    expect(await help.exit).toBe(0);
    expect(help.output).toContain('Usage: npm start');
  });
});

describe('nx serve', () => {
  it('says how to get a platform when none runs, and knows its apps', async () => {
    const unknown = new Run('serve.ts', ['shop']);
    expect(await unknown.exit).toBe(2);
    expect(unknown.output).toContain(
      'There is no app "shop" to serve. Apps: store, inventory, replenishment, console.',
    );
  });
});
