/** Real Kafka, Apicurio Registry and PostgreSQL as processes of this machine, without a container engine. */
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import type { Child } from '../child.ts';
import { PlatformError } from '../errors.ts';
import { kafkaAnswers } from '../kafka-probe.ts';
import { startKafka } from '../kafka.ts';
import { findJava } from '../java.ts';
import { freePorts, LOOPBACK } from '../ports.ts';
import { postgresAnswers, startPostgres } from '../postgres.ts';
import { registryAnswers, registryUrl, startRegistry } from '../registry.ts';
import { ensureRuntime } from '../runtime.ts';
import { untilAnswering } from '../wait.ts';
import type { Parts, Provider, ProviderContext } from './provider.ts';

const START_DEADLINE_MS = 120_000;

export const embedded: Provider = {
  name: 'embedded',
  async start(context: ProviderContext): Promise<Parts> {
    const { paths, ports, ephemeral, signal, onProgress, phase, register } = context;
    const log = (name: string) => join(paths.logs, `${name}.log`);
    rmSync(paths.logs, { recursive: true, force: true });
    const [controllerPort = 0, managementPort = 0] = await freePorts(2);
    const brokers = [`${LOOPBACK}:${ports.kafka}`];
    const url = registryUrl(ports.registry);

    // One failure aborts the steps beside it; each is awaited, so nothing starts behind the back of the clean-up.
    const others = new AbortController();
    const either = AbortSignal.any([signal, others.signal]);
    const database = phase('PostgreSQL', async () => {
      const started = await startPostgres({
        dataFolder: join(paths.data, 'postgres'),
        logFile: log('postgres'),
        port: ports.database,
        durable: !ephemeral,
      });
      register(started.child);
      await answering(started.child, () => postgresAnswers(started.url), either);
      return started.url;
    });
    const kafkaAndRegistry = (async () => {
      const java = await findJava();
      const runtime = await phase('downloads', () => ensureRuntime({ java: java.path, onProgress, signal: either }));
      await phase('Kafka', async () => {
        const kafka = await startKafka({
          java: java.path,
          home: runtime.kafkaHome,
          archives: runtime.archives,
          dataFolder: join(paths.data, 'kafka'),
          logFile: log('kafka'),
          port: ports.kafka,
          controllerPort,
        });
        register(kafka);
        await answering(kafka, () => kafkaAnswers(brokers[0] ?? ''), either);
      });
      await phase('registry', async () => {
        const registry = await startRegistry({
          java: java.path,
          home: runtime.registryHome,
          archives: runtime.archives,
          logFile: log('registry'),
          port: ports.registry,
          managementPort,
          brokers,
        });
        register(registry);
        await answering(registry, () => registryAnswers(url), either);
      });
    })();
    for (const work of [database, kafkaAndRegistry]) work.catch((error: unknown) => others.abort(error));
    await Promise.allSettled([database, kafkaAndRegistry]);
    if (others.signal.aborted) throw others.signal.reason;
    return { kafka: { brokers }, registry: { url }, database: { url: await database } };
  },
};

/** Resolves when `child` answers; throws with its last words when it ends or stays silent. */
async function answering(child: Child, answers: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  const timer = setTimeout(() => {
    const text = `${child.name} does not answer on port ${child.process.port} after ${START_DEADLINE_MS / 1000} s;`;
    done.abort(new PlatformError(`${text} ${child.lastLines()}`));
  }, START_DEADLINE_MS);
  void child.ended.then((how) =>
    done.abort(new PlatformError(`${child.name} ${how} while it started; ${child.lastLines()}`)),
  );
  try {
    await untilAnswering(answers, AbortSignal.any([signal, done.signal]));
  } finally {
    clearTimeout(timer);
  }
}
