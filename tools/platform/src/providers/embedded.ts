/** Real Kafka, Apicurio Registry and PostgreSQL as processes of this machine, without a container engine. */
import { join } from 'node:path';
import { findJava } from '../java.ts';
import { kafkaAnswers } from '../kafka-probe.ts';
import { startKafka } from '../kafka.ts';
import { freePorts, LOOPBACK } from '../ports.ts';
import { postgresAnswers, preparePostgres, startPostgres } from '../postgres.ts';
import { registryAnswers, registryUrl, startRegistry } from '../registry.ts';
import { ensureRuntime } from '../runtime.ts';
import { type Provider, type ProviderContext, together } from './provider.ts';

export const embedded: Provider = {
  name: 'embedded',
  usesPorts: true,
  async start(context) {
    let url = '';
    await together(context.signal, [
      async (signal) => {
        url = await runPostgres(context, signal);
      },
      (signal) => runKafkaAndRegistry(context, signal),
    ]);
    return {
      kafka: { brokers: [`${LOOPBACK}:${context.ports.kafka}`] },
      registry: { url: registryUrl(context.ports.registry) },
      database: { url },
    };
  },
};

async function runPostgres(
  { paths, ports, ephemeral, run }: ProviderContext,
  signal: AbortSignal,
): Promise<string> {
  let url = '';
  const start = async () => {
    const postgres = await preparePostgres({
      dataFolder: join(paths.data, 'postgres'),
      logFile: join(paths.logs, 'postgres.log'),
      port: ports.database,
      durable: !ephemeral,
    });
    url = postgres.url;
    return startPostgres(postgres);
  };
  await run('PostgreSQL', { start, answers: () => postgresAnswers(url) }, signal);
  return url;
}

async function runKafkaAndRegistry(
  { paths, ports, onProgress, phase, run }: ProviderContext,
  signal: AbortSignal,
): Promise<void> {
  const java = await findJava();
  const runtime = await phase('downloads', () => ensureRuntime({ java: java.path, onProgress, signal }));
  const [controllerPort = 0, managementPort = 0] = await freePorts(2);
  const broker = `${LOOPBACK}:${ports.kafka}`;
  await run(
    'Kafka',
    {
      start: () =>
        startKafka({
          java: java.path,
          home: runtime.kafkaHome,
          archives: runtime.archives,
          dataFolder: join(paths.data, 'kafka'),
          temp: paths.temp,
          logFile: join(paths.logs, 'kafka.log'),
          port: ports.kafka,
          controllerPort,
        }),
      answers: () => kafkaAnswers(broker),
    },
    signal,
  );
  await run(
    'registry',
    {
      start: () =>
        startRegistry({
          java: java.path,
          home: runtime.registryHome,
          archives: runtime.archives,
          temp: paths.temp,
          logFile: join(paths.logs, 'registry.log'),
          port: ports.registry,
          managementPort,
          brokers: [broker],
        }),
      answers: () => registryAnswers(registryUrl(ports.registry)),
    },
    signal,
  );
}
