/** A schema registry alone, beside a cluster that runs already; it can be killed and started again with its schemas. */
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findJava } from './java.ts';
import type { Part } from './part.ts';
import { freePorts, LOOPBACK } from './ports.ts';
import { openLedger } from './process-ledger.ts';
import { registryAnswers, registryUrl, startRegistry } from './registry.ts';
import { ensureRuntime } from './runtime.ts';
import { untilAnswering } from './supervisor.ts';

export interface RegistryServer extends AsyncDisposable {
  /** Base address of the Confluent-compatible interface; the same in every life. */
  readonly url: string;
  /** Where it tells its metrics. */
  readonly metricsUrl: string;
  /** Ends it at once (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it again; resolves when it answers. */
  start(): Promise<void>;
  /** Ends it and removes its folder; the schemas stay in Kafka. */
  stop(): Promise<void>;
}

/** Starts Apicurio Registry on free ports of loopback, with its schemas in Kafka at `brokers`; resolves when it answers. */
export async function startRegistryServer(options: {
  readonly folder: string;
  readonly brokers: readonly string[];
  /** More of its variables; they come before our own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}): Promise<RegistryServer> {
  const { signal = new AbortController().signal } = options;
  const folder = resolve(options.folder);
  const java = await findJava();
  const runtime = await ensureRuntime({ java: java.path, onProgress: () => undefined, signal });
  const [port = 0, managementPort = 0] = await freePorts(2);
  const url = registryUrl(port);
  const temp = join(folder, 'temp');
  mkdirSync(temp, { recursive: true });
  const ledger = openLedger(folder);
  let part: Part | undefined;
  const kill = async () => {
    part?.kill();
    await part?.ended;
  };
  const start = async () => {
    part = await startRegistry({
      java: java.path,
      home: runtime.registryHome,
      archives: runtime.archives,
      temp,
      logFile: join(folder, 'registry.log'),
      port,
      managementPort,
      brokers: options.brokers,
      ...(options.env && { env: options.env }),
    });
    if (part.process) ledger.add(part.process);
    await untilAnswering(part, { answers: () => registryAnswers(url) }, signal);
  };
  const stop = async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    metricsUrl: `http://${LOOPBACK}:${managementPort}/metrics`,
    kill,
    start,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
