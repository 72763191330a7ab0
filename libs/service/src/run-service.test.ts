import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHealth } from './health.ts';
import { createLogger } from './logger.ts';
import { startErrorText, stopService } from './run-service.ts';

const silent = createLogger({ name: 'test', level: 'silent' });

describe('stopService', () => {
  it('turns readiness off, waits for the drain, then stops the parts in their order', async () => {
    const events: string[] = [];
    const health = createHealth();
    const began = Date.now();
    const part = (name: string) => ({
      name,
      stop: async () => {
        events.push(`${name} stops, ${(await health.ready()).status}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        events.push(`${name} stopped`);
      },
    });
    const stop = [part('http'), part('relay'), part('database')];
    expect(await stopService({ health, stop, drainMs: 50 }, silent)).toBe(true);
    expect(Date.now() - began).toBeGreaterThanOrEqual(50);
    expect(events).toEqual([
      'http stops, draining',
      'http stopped',
      'relay stops, draining',
      'relay stopped',
      'database stops, draining',
      'database stopped',
    ]);
  });

  it('stops the others when one fails, and says that it did not go well', async () => {
    const stopped: string[] = [];
    const well = await stopService(
      {
        stop: [
          { name: 'relay', stop: () => Promise.reject(new Error('broker gone')) },
          { name: 'database', stop: () => Promise.resolve(stopped.push('database')) },
        ],
      },
      silent,
    );
    expect({ well, stopped }).toEqual({ well: false, stopped: ['database'] });
  });

  it('leaves behind what does not stop before the deadline', async () => {
    let given = 0;
    const well = await stopService(
      {
        deadlineMs: 100,
        stop: [
          {
            name: 'hanging',
            stop: (deadlineMs) => {
              given = deadlineMs;
              return new Promise(() => undefined);
            },
          },
        ],
      },
      silent,
    );
    expect(well).toBe(false);
    expect(given).toBeLessThanOrEqual(100);
  });
});

describe('startErrorText', () => {
  it('gives reasons in one line, with the cause', () => {
    expect(startErrorText(new Error('no\n  database', { cause: new Error('refused') }))).toBe(
      'no database (refused)',
    );
    expect(startErrorText(new AggregateError([new Error('a'), new Error('b')]))).toBe('a; b');
    expect(startErrorText('odd')).toBe('odd');
  });
});

/** Runs a service whose parts are written by `body` in a process of its own. */
function run(body: string) {
  const module = new URL('./index.ts', import.meta.url).href;
  const code = `
    import { runService, createLogger, createHealth, ConfigError } from ${JSON.stringify(module)};
    import { createServer } from 'node:net';
    const stop = (name, work = async () => {}) => ({ name, stop: async () => { await work(); console.log('stopped ' + name); } });
    const forever = () => new Promise(() => setInterval(() => {}, 1000));
    ${body}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output.stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output.stderr += chunk));
  const closed = once(child, 'close') as Promise<[number | null]>;
  return {
    child,
    output,
    exitCode: async () => (await closed)[0],
    prints: (text: string) => expect.poll(() => output.stdout, { timeout: 10_000 }).toContain(text),
  };
}

describe('runService', { timeout: 20_000 }, () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops in order on %s and exits 0', async (signal) => {
    const { child, output, exitCode, prints } = run(`
      await runService({ name: 'demo', start: async () => ({ stop: [stop('http'), stop('database')] }) });`);
    await prints('"msg":"started"');
    child.kill(signal);
    expect(await exitCode()).toBe(0);
    expect(output.stdout).toMatch(/stopped http\n[^]*stopped database/);
  });

  it('exits at once on a second signal', async () => {
    const { child, exitCode, prints } = run(`
      await runService({ name: 'demo', start: async () => ({ stop: [stop('http', forever)], deadlineMs: 60000 }) });`);
    await prints('"msg":"started"');
    child.kill('SIGTERM');
    await prints('"msg":"stopping"');
    child.kill('SIGTERM');
    expect(await exitCode()).toBe(1);
  });

  it('exits 1 when the deadline passes', async () => {
    const { child, output, exitCode, prints } = run(`
      await runService({ name: 'demo', start: async () => ({ stop: [stop('http', forever)], deadlineMs: 100 }) });`);
    await prints('"msg":"started"');
    child.kill('SIGTERM');
    expect(await exitCode()).toBe(1);
    expect(output.stdout).toContain('"part":"http"');
  });

  it('gives up a start that waits when it is told to stop', async () => {
    const { child, exitCode, prints } = run(`
      await runService({ name: 'demo', start: ({ signal }) => new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        console.log('waiting');
        setInterval(() => {}, 1000);
      }) });`);
    await prints('waiting');
    child.kill('SIGTERM');
    expect(await exitCode()).toBe(0);
  });

  it('prints one clear line and exits 1 when the start fails', async () => {
    const { output, exitCode } = run(`
      await runService({ name: 'demo', start: async () => { throw new Error('the database refuses the password'); } });`);
    expect(await exitCode()).toBe(1);
    expect(output).toEqual({ stdout: '', stderr: 'demo cannot start: the database refuses the password\n' });
  });

  it('lists all bad variables when the configuration is wrong', async () => {
    const { output, exitCode } = run(`
      await runService({ name: 'demo', start: async () => { throw new ConfigError(['PORT is x', 'HOST is y']); } });`);
    expect(await exitCode()).toBe(1);
    expect(output.stderr).toBe(
      'demo cannot start: 2 environment variables are wrong:\n  PORT is x\n  HOST is y\n',
    );
  });

  it('names the port and the variable when the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const { output, exitCode } = run(`
      await runService({ name: 'demo', start: () => new Promise((_, reject) => {
        createServer().on('error', reject).listen(${port}, '127.0.0.1');
      }) });`);
    expect(await exitCode()).toBe(1);
    expect(output.stderr).toBe(
      `demo cannot start: port ${port} on 127.0.0.1 is taken by another process. Set PORT to a free port, or stop that process.\n`,
    );
  });

  it.each([
    ['unhandledRejection', `Promise.reject(new Error('forgotten'))`],
    ['uncaughtException', `setTimeout(() => { throw new Error('forgotten'); })`],
  ])('logs an %s and exits 1', async (name, fault) => {
    const { output, exitCode } = run(`
      await runService({ name: 'demo', start: async () => { ${fault}; return { stop: [] }; } });`);
    expect(await exitCode()).toBe(1);
    expect(output.stdout).toContain(`"msg":"${name}: exiting"`);
    expect(output.stdout).toContain('forgotten');
  });
});
