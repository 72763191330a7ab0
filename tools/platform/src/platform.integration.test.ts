/** The program as people and other programs use it, with real servers in an instance of its own. */
import { SCHEMAS, TOPICS } from '@eda/contracts';
import { waitFor } from '@eda/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { instancePaths } from './paths.ts';
import { type Platform, startPlatform } from './platform.ts';
import { isPortFree } from './ports.ts';
import { isSameProcess } from './process-identity.ts';
import { provisionSchemas } from './schemas.ts';
import { livingProcesses, type PlatformState, readPlatformState } from './state.ts';
import type { Crash } from './supervisor.ts';
import { provisionTopics } from './topics.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
const START_MS = 120_000;

/** A name of its own; what is left of it when the test ends, also after a failure, is ended and removed. */
function ownInstance(name: string): string {
  const instance = `selftest-${name}-${process.pid}`;
  onTestFinished(() => {
    const state = readPlatformState(instance);
    for (const { pid } of state ? livingProcesses(state) : []) process.kill(pid, 'SIGKILL');
    rmSync(instancePaths(instance).root, { recursive: true, force: true });
  });
  return instance;
}

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exitCode: Promise<number | null>;
}

function run(...args: string[]): Run {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exitCode = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(async () => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await exitCode;
  });
  return { child, output: () => output, exitCode };
}

async function untilReady(instance: string): Promise<PlatformState> {
  const state = await waitFor(
    () => {
      const found = readPlatformState(instance);
      return found?.status === 'starting' ? undefined : found;
    },
    { timeoutMs: START_MS - 10_000, description: `${instance} is ready` },
  );
  if (state.status !== 'ready') throw new Error(`${instance} ${state.status}: ${state.error ?? ''}`);
  return state;
}

async function expectNothingLeft({ processes }: PlatformState): Promise<void> {
  for (const { pid, startTime, port } of processes) {
    expect(isSameProcess(pid, startTime)).toBe(false);
    // The last thread of a process that was killed may close its sockets a moment later.
    await waitFor(() => isPortFree(port), { description: `port ${port} is free`, timeoutMs: 3000 });
  }
}

describe('npm run platform', () => {
  it('runs until Ctrl-C and leaves nothing', { timeout: START_MS }, async () => {
    const instance = ownInstance('life');
    const up = run('up', '--instance', instance, '--ephemeral', '--provider', 'embedded');
    const state = await untilReady(instance);
    expect(state.processes.map(({ name }) => name).sort()).toEqual(['Kafka', 'PostgreSQL', 'registry']);

    // What the contracts say was made; making it again changes nothing.
    expect(await provisionTopics(state.kafka.brokers, TOPICS)).toEqual({ created: [], differences: [] });
    expect(await provisionSchemas(state.registry.url, SCHEMAS)).toEqual([]);

    // A topic that is not as the contract says is reported, not changed.
    const [first] = TOPICS;
    if (!first) throw new Error('there are no topics');
    const { differences } = await provisionTopics(state.kafka.brokers, [
      { ...first, partitions: first.partitions + 1 },
    ]);
    expect(differences).toEqual([
      `Topic ${first.name} has partitions ${first.partitions}, the contract says ${first.partitions + 1}. ` +
        'It is left as it is; --fresh begins anew.',
    ]);

    const second = run('up', '--instance', instance);
    expect(await second.exitCode).toBe(1);
    expect(second.output()).toContain(`runs already (process ${state.pid})`);

    up.child.kill('SIGINT');
    expect(await up.exitCode).toBe(0);
    await expectNothingLeft(state);
    expect(existsSync(instancePaths(instance).root)).toBe(false);
  });

  it(
    'finds what a run that was killed has left, and stops it when told to',
    { timeout: START_MS },
    async () => {
      const instance = ownInstance('killed');
      const up = run('up', '--instance', instance, '--ephemeral', '--provider', 'embedded');
      const state = await untilReady(instance);
      up.child.kill('SIGKILL');
      await up.exitCode;

      const again = run('up', '--instance', instance, '--ephemeral');
      expect(await again.exitCode).toBe(1);
      expect(again.output()).toMatch(/was ended by force and left .*Kafka \(process \d+, port \d+\)/);
      expect(again.output()).toContain(`npm run platform -- down --instance ${instance}`);
      expect(livingProcesses(state)).toHaveLength(3);

      const down = run('down', '--instance', instance);
      expect(await down.exitCode).toBe(0);
      expect(down.output()).toContain('Stopped what was left');
      await expectNothingLeft(state);
    },
  );

  it('stops at once at the second signal', { timeout: START_MS }, async () => {
    const instance = ownInstance('twice');
    const up = run('up', '--instance', instance, '--ephemeral', '--provider', 'embedded');
    const state = await untilReady(instance);
    const registry = state.processes.find(({ name }) => name === 'registry');
    // A registry that cannot answer the first signal.
    process.kill(registry?.pid ?? 0, 'SIGSTOP');
    up.child.kill('SIGINT');
    await waitFor(() => up.output().includes('Stopping.'), { description: 'the stop has begun' });
    const again = setInterval(() => up.child.kill('SIGINT'), 300);
    expect(await up.exitCode).toBe(130);
    clearInterval(again);
    await waitFor(() => livingProcesses(state).length === 0, { description: 'all have ended' });
    await expectNothingLeft(state);
  });

  it('names the port that is taken, its holder and the option to choose another', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
    const { port } = server.address() as { port: number };
    const up = run(
      'up',
      '--instance',
      ownInstance('port'),
      '--ephemeral',
      '--provider',
      'embedded',
      '--registry-port',
      String(port),
    );
    expect(await up.exitCode).toBe(1);
    expect(up.output()).toMatch(
      new RegExp(
        `^Port ${port}, for the registry, is taken by process ${process.pid} \\(.*choose another: --registry-port <port>`,
      ),
    );
  });
});

describe('A part', () => {
  it(
    'that ends by itself is reported with its last words, and can be started again with its data',
    { timeout: START_MS },
    async () => {
      const crashes: Crash[] = [];
      const instance = ownInstance('crash');
      const platform: Platform = await startPlatform({
        instance,
        ephemeral: true,
        provider: 'embedded',
        onCrash: (crash) => crashes.push(crash),
      });
      onTestFinished(() => platform.stop());
      const kafka = readPlatformState(instance)?.processes.find(({ name }) => name === 'Kafka');
      process.kill(kafka?.pid ?? 0, 'SIGKILL');
      await waitFor(() => crashes.length > 0, { description: 'the crash is told' });
      expect(crashes[0]).toMatchObject({ name: 'Kafka', asked: false });
      expect(crashes[0]?.message).toMatch(/^Kafka was ended by SIGKILL; last lines of kafka\.log:\n {2}\| /);

      await platform.restart('Kafka');
      expect(await provisionTopics(platform.kafka.brokers, TOPICS)).toEqual({ created: [], differences: [] });
    },
  );

  it(
    'that dies while it starts is the one message, and the others are stopped',
    { timeout: START_MS },
    async () => {
      const instance = ownInstance('broken');
      const log = join(instancePaths(instance).data, 'kafka/log');
      mkdirSync(log, { recursive: true });
      writeFileSync(join(log, 'meta.properties'), 'version=1\ncluster.id=not-the-one\nnode.id=99\n');
      const ports = { kafka: 0, registry: 0, database: 0 };
      const start = startPlatform({ instance, ports, provider: 'embedded' });
      await expect(start).rejects.toThrow(
        /^Kafka ended with exit code 1 while it started; last lines of kafka\.log:[^]*Stored node id 99/,
      );
      expect(readPlatformState(instance)).toMatchObject({ status: 'failed', processes: [] });
    },
  );
});
