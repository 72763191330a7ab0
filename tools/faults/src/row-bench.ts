/** What a row works with: topic, database, programs and faults of its own on a cluster that it shares with other rows. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { deadLetterTopic } from '@eda/kafka';
import type { KafkaCluster } from '@eda/platform';
import type { ClusterControl } from './cluster-control.ts';
import { type Extent, extentOf, type RowScale } from './extent.ts';
import type { EventKind, LoadOptions } from './load.ts';
import type { NetworkProxy } from './network-proxy.ts';
import type { LoggedRecord, Measure } from './oracle.ts';
import { type ProgramHandle, startProgram } from './program-handle.ts';
import type { ConsumerSettings } from './programs/consumer-program.ts';
import type { ProducerSettings } from './programs/producer-program.ts';
import { createRandom } from './random.ts';

export const PARTITIONS = 12;

export interface RowBench extends Extent {
  readonly scale: RowScale;
  readonly cluster: KafkaCluster;
  readonly control: ClusterControl;
  /** In front of each broker's address for clients, by its id; empty where the row did not ask for them. */
  readonly proxies: ReadonlyMap<number, NetworkProxy>;
  /** In front of the database. */
  readonly database: NetworkProxy;
  /** Beside the proxy. */
  readonly databaseUrl: string;
  readonly topic: string;
  readonly groupId: string;
  readonly deadLetters: string;
  readonly journal: string;
  readonly logs: string;
  readonly random: () => number;
  readonly load: () => LoadOptions;
  readonly producers: readonly ProgramHandle[];
  readonly consumers: readonly ProgramHandle[];
  special(every: number, kinds: readonly EventKind[]): void;
  /** Starts a producer and does not wait until it is ready. */
  launchProducer(settings?: Partial<ProducerSettings>): ProgramHandle;
  startProducer(settings?: Partial<ProducerSettings>): Promise<ProgramHandle>;
  startConsumer(settings?: Partial<ConsumerSettings>): ProgramHandle;
  /** Starts so many consumers and resolves when all are ready. */
  startConsumers(count: number, settings?: Partial<ConsumerSettings>): Promise<ProgramHandle[]>;
  /** Makes a fault so many times, spread over the events that the producer publishes meanwhile. */
  during(producer: ProgramHandle, times: number, fault: (index: number) => Promise<void>): Promise<void>;
  /** Resolves when the producer has published `share` of all events. */
  reaches(producer: ProgramHandle, share: number): Promise<void>;
  /** Resolves when the producer has ended because everything is decided. */
  finish(producer: ProgramHandle): Promise<void>;
  measure(measure: Measure): void;
  /** Records that the row has read because they will be gone. */
  keepLog(records: readonly LoggedRecord[]): void;
  repartitioned(): void;
  note(text: string): void;
}

/** What rows leave behind for the judge. */
export interface RowState {
  readonly measures: Measure[];
  readonly kept: LoggedRecord[];
  repartitioned: boolean;
}

export interface RowBenchOptions {
  readonly scale: RowScale;
  readonly name: string;
  readonly cluster: KafkaCluster;
  readonly control: ClusterControl;
  readonly proxies: ReadonlyMap<number, NetworkProxy>;
  readonly database: NetworkProxy;
  readonly databaseUrl: string;
  readonly folder: string;
  readonly onNote: (text: string) => void;
}

/** Who waits for progress waits so long, besides twice the time that publishing takes. */
const PATIENCE_MS = 300_000;
const KEYS = 1000;

export function createRowBench(options: RowBenchOptions): {
  bench: RowBench;
  state: RowState;
  stop: () => Promise<void>;
} {
  const { scale, name, cluster, folder, databaseUrl } = options;
  const topic = `faults.${name}`;
  const groupId = `group-${name}`;
  const state: RowState = { measures: [], kept: [], repartitioned: false };
  const producers: ProgramHandle[] = [];
  const consumers: ProgramHandle[] = [];
  let special: LoadOptions['special'];
  mkdirSync(folder, { recursive: true });

  const throughProxy = new URL(databaseUrl);
  throughProxy.host = `${options.database.host}:${options.database.port}`;
  const load = (): LoadOptions => ({
    run: name,
    seed: scale.seed,
    events: scale.events,
    keys: Math.min(KEYS, Math.max(10, Math.ceil(scale.events / 10))),
    ...(special === undefined ? {} : { special }),
  });
  const progressMs = PATIENCE_MS + (2000 * scale.events) / scale.rate;
  const bench: RowBench = {
    ...options,
    ...extentOf(scale),
    topic,
    groupId,
    deadLetters: deadLetterTopic(topic, groupId),
    journal: join(folder, 'journal'),
    logs: folder,
    random: createRandom(scale.seed + 7),
    load,
    producers,
    consumers,
    special(every, kinds) {
      special = { every, kinds };
    },
    launchProducer(settings = {}) {
      const index = producers.length + 1;
      const full: ProducerSettings = {
        ...load(),
        brokers: cluster.brokers,
        topic,
        partitions: PARTITIONS,
        databaseUrl,
        journal: bench.journal,
        log: join(folder, `producer-${index}.log`),
        transport: 'library',
        rate: scale.rate,
        allowed: scale.events,
        maxOpen: 20_000,
        bufferRecords: 100_000,
        deliveryTimeoutMs: 60_000,
        requestTimeoutMs: 10_000,
        ...settings,
      };
      const handle = startProgram(`producer ${index}`, 'producer-program.ts', full);
      producers.push(handle);
      return handle;
    },
    async startProducer(settings = {}) {
      const handle = bench.launchProducer(settings);
      await handle.until('it is ready', ({ ready }) => ready === true, 30_000);
      return handle;
    },
    startConsumer(settings = {}) {
      const index = consumers.length + 1;
      const full: ConsumerSettings = {
        name: `consumer-${index}`,
        brokers: cluster.brokers,
        topic,
        groupId,
        databaseUrl: throughProxy.href,
        log: join(folder, `consumer-${index}.log`),
        handler: 'batch',
        sessionTimeoutMs: bench.sessionTimeoutMs,
        handlerTimeoutMs: 30_000,
        slowMs: 0,
        workMs: 0,
        maxBatchRecords: 500,
        ...settings,
      };
      const handle = startProgram(full.name, 'consumer-program.ts', full);
      consumers.push(handle);
      return handle;
    },
    async startConsumers(count, settings = {}) {
      const handles = Array.from({ length: count }, () => bench.startConsumer(settings));
      await Promise.all(handles.map((handle) => handle.until('it is ready', ({ ready }) => ready === true)));
      return handles;
    },
    async during(producer, times, fault) {
      for (let index = 0; index < times; index++) {
        // A fault that takes long must not run out of load.
        producer.say(`allow ${Math.ceil((scale.events * (index + 1)) / times)}`);
        await bench.reaches(producer, (index + 0.3) / times);
        await fault(index);
      }
      producer.say(`allow ${scale.events}`);
    },
    reaches: (producer, part) =>
      producer.until(
        `${Math.round(part * 100)} % are published`,
        ({ intended }) => Number(intended) >= scale.events * part,
        progressMs,
      ),
    async finish(producer) {
      await producer.until('everything is decided', ({ done }) => done === true, progressMs);
      const code = await producer.exit;
      if (code !== 0) throw new Error(`${producer.name} ended with exit code ${code ?? 'by a signal'}`);
    },
    measure: ({ budget, ...measure }) => {
      // Times stretch on a busy machine, counts do not.
      const stretched = budget !== undefined && measure.unit === 'ms' ? budget * scale.slack : budget;
      state.measures.push({ ...measure, ...(stretched === undefined ? {} : { budget: stretched }) });
    },
    keepLog(records) {
      for (const record of records) state.kept.push(record);
    },
    repartitioned() {
      state.repartitioned = true;
    },
    note: options.onNote,
  };
  const stop = async () => {
    await Promise.all([...producers, ...consumers].map((program) => program.kill()));
  };
  return { bench, state, stop };
}
