/** One run of one scenario on a running cluster, gate included. */
import { join } from 'node:path';
import type { KafkaAdmin, KafkaClient } from '@eda/kafka';
import type { Command } from '@eda/platform';
import { wireTemplate } from './bench-event.ts';
import { assertPassed, audit, GateFailed } from './gate.ts';
import { consumerArguments, parseConsumer, parseProducer, producerArguments, runJava } from './java-tools.ts';
import type { Measurement } from './measurement.ts';
import { readLog } from './read-log.ts';
import { startWorker, type WorkerOutcome } from './run-worker.ts';
import { PARTITIONS, type Scenario, VALUE_BYTES } from './scenarios.ts';
import type { WorkerSpec } from './worker-types.ts';

export interface Surroundings {
  readonly client: KafkaClient;
  readonly admin: KafkaAdmin;
  /** For marks and profiles. */
  readonly folder: string;
  /** Of a run at full share, the warm-up included. */
  readonly records: number;
  /** After so many seconds a run begins no record, however few it has made. */
  readonly seconds: number;
  readonly nodeFlags?: readonly string[];
  /** Kafka's own programs; absent where there are none. */
  readonly java?: (mainClass: string, ...args: string[]) => Command;
  /** Takes traces; without it none are made. */
  readonly otlpUrl?: string;
  /** Makes an empty database. */
  readonly newDatabase?: () => Promise<string>;
}

/** A full topic for those who read. */
export interface Backlog {
  readonly topic: string;
  readonly records: number;
}

/** Batched programs send so many at a time. */
const CHUNK = 500;
const WARM_UP_SHARE = 0.25;
const WARM_UP_SECONDS = 2;
/** Below the ceiling, in the middle of what a service may be planned for. */
const LOAD = 0.7;
/** In a service a compiler warms up once; here its seconds would be most of what p99 sees. */
const PACED_WARM_UP_SECONDS = 6;
const PACED_SECONDS = 18;

let runs = 0;
const unique = (name: string) => `${name}-${process.pid}-${(runs += 1)}`;

export class Runner {
  readonly #around: Surroundings;
  #backlog: Promise<Backlog> | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Resolves with the figures of one run. Rejects with `GateFailed` when they must not be used. */
  run(scenario: Scenario): Promise<Measurement> {
    switch (scenario.kind) {
      case 'produce':
        return this.#produce(scenario);
      case 'consume':
        return this.#consume(scenario);
      case 'java-produce':
        return this.#javaProduce(scenario);
      case 'java-consume':
        return this.#javaConsume();
      case 'end-to-end':
        return this.#endToEnd(scenario);
      case 'pipeline':
        return Promise.reject(new Error('the pipeline has a runner of its own'));
    }
  }

  /** Deletes what the runs share. */
  async close(): Promise<void> {
    const backlog = await this.#backlog?.catch(() => undefined);
    if (backlog !== undefined) await this.#around.admin.deleteTopics([backlog.topic]);
  }

  async #produce(scenario: Scenario): Promise<Measurement> {
    return this.#withTopic(scenario, async (topic) => {
      const spec = this.#spec(scenario, topic);
      const outcome = await startWorker(spec, this.#around.nodeFlags).ended;
      await this.#gateLog(topic, outcome);
      return toMeasurement(outcome);
    });
  }

  async #consume(scenario: Scenario): Promise<Measurement> {
    const { newDatabase } = this.#around;
    const backlog = await this.#fullTopic();
    const databaseUrl = scenario.needs === 'database' ? await newDatabase?.() : undefined;
    const share = scenario.share ?? 1;
    if (share < 1)
      return this.#withTopic(scenario, async (topic) => {
        const records = this.#recordsOf(scenario);
        await this.#fill(topic, records);
        return this.#consumeFrom(scenario, { topic, records }, databaseUrl);
      });
    return this.#consumeFrom(scenario, backlog, databaseUrl);
  }

  async #consumeFrom(
    scenario: Scenario,
    { topic, records }: Backlog,
    databaseUrl?: string,
  ): Promise<Measurement> {
    const outcome = await startWorker(
      {
        ...this.#spec(scenario, topic),
        records,
        warmUpRecords: Math.floor(records * WARM_UP_SHARE),
        group: unique('bench'),
        ...(databaseUrl === undefined ? {} : { databaseUrl }),
      },
      this.#around.nodeFlags,
    ).ended;
    const everything = new Uint8Array(records).fill(1);
    assertPassed(audit({ acknowledged: everything, found: outcome.marks, foreign: 0 }), 'handled');
    return toMeasurement(outcome);
  }

  async #javaProduce(scenario: Scenario): Promise<Measurement> {
    return this.#withTopic(scenario, async (topic) => {
      const { client, admin } = this.#around;
      const records = this.#recordsOf(scenario);
      const bytes = scenario.mode === 'wire' ? wireTemplate(topic, VALUE_BYTES).bytes : VALUE_BYTES;
      const ran = await this.#java(
        'org.apache.kafka.tools.ProducerPerformance',
        producerArguments(client.brokers, `${client.topicPrefix}${topic}`, records, bytes),
      );
      const bounds = await admin.bounds(topic);
      const written = bounds.reduce((sum, { start, end }) => sum + Number(end - start), 0);
      // Its records have no numbers: there may be no more and no fewer of them.
      if (written !== records) throw new GateFailed(`${written} of ${records} records are in the log`);
      return javaMeasurement(ran, records, parseProducer(ran.output));
    });
  }

  async #javaConsume(): Promise<Measurement> {
    const { topic, records } = await this.#fullTopic();
    const ran = await this.#java(
      'org.apache.kafka.tools.ConsumerPerformance',
      consumerArguments(
        this.#around.client.brokers,
        `${this.#around.client.topicPrefix}${topic}`,
        records,
        unique('bench'),
      ),
    );
    const read = parseConsumer(ran.output);
    if (read.records < records) throw new GateFailed(`${read.records} of ${records} records were read`);
    return javaMeasurement(ran, records, read);
  }

  /** The ceiling first, both sides at full speed; then the same two with records that are due at their times. */
  async #endToEnd(scenario: Scenario): Promise<Measurement> {
    const full = await this.#bothSides(scenario, { mode: 'publish', callers: 512 });
    const ceiling = Math.min(full.producer.recordsPerSecond, full.consumer.recordsPerSecond);
    const rate = Math.floor(ceiling * LOAD);
    const paced = await this.#bothSides(scenario, {
      mode: 'paced',
      rate,
      records: rate * PACED_SECONDS,
      seconds: 2 * PACED_SECONDS,
      warmUpSeconds: PACED_WARM_UP_SECONDS,
    });
    return {
      ...paced.consumer,
      details: {
        ceiling,
        load: rate,
        producerCpuMicros: paced.producer.cpuMicrosPerRecord ?? Number.NaN,
        acknowledgedP50: paced.producer.latency?.p50 ?? Number.NaN,
        acknowledgedP99: paced.producer.latency?.p99 ?? Number.NaN,
      },
    };
  }

  async #bothSides(
    scenario: Scenario,
    how: Pick<WorkerSpec, 'mode'> & Partial<WorkerSpec>,
  ): Promise<{ producer: Measurement; consumer: Measurement }> {
    return this.#withTopic(scenario, async (topic) => {
      const spec = this.#spec(scenario, topic);
      const records = how.records ?? spec.records;
      // What is measured is a stretch of time here, so that both sides measure the same one.
      const common = { ...spec, records, warmUpRecords: Number.MAX_SAFE_INTEGER, group: unique('bench') };
      const consumer = startWorker({
        ...common,
        program: 'programs/library-consumer.ts',
        mode: 'beside',
        marksFile: `${spec.marksFile}.read`,
      });
      try {
        await consumer.ready;
        const sent = await startWorker({ ...common, program: 'programs/library-producer.ts', ...how }).ended;
        consumer.stopAfter(sent.result.acknowledged);
        const read = await consumer.ended;
        await this.#gateLog(topic, sent);
        assertPassed(audit({ acknowledged: sent.marks, found: read.marks, foreign: 0 }), 'handled');
        return { producer: toMeasurement(sent), consumer: toMeasurement(read) };
      } catch (error) {
        consumer.kill();
        await consumer.ended.catch(() => undefined);
        throw error;
      }
    });
  }

  /** Made once, with the gate; by the library, because inboxes need an id of its own in each record. */
  #fullTopic(): Promise<Backlog> {
    this.#backlog ??= (async () => {
      const topic = unique('bench-backlog');
      const records = Math.ceil(this.#around.records / CHUNK) * CHUNK;
      await this.#around.admin.ensureTopics([{ name: topic, partitions: PARTITIONS }]);
      await this.#fill(topic, records);
      return { topic, records };
    })();
    return this.#backlog;
  }

  async #fill(topic: string, records: number): Promise<void> {
    const base = this.#spec({ id: 'fill', partitions: PARTITIONS }, topic);
    const outcome = await startWorker({
      ...base,
      program: 'programs/library-producer.ts',
      mode: 'publish-many',
      callers: PARTITIONS,
      records,
      warmUpRecords: 0,
      seconds: 600,
    }).ended;
    await this.#gateLog(topic, outcome);
    if (outcome.result.acknowledged !== records)
      throw new GateFailed(`only ${outcome.result.acknowledged} of ${records} records could be prepared`);
  }

  async #gateLog(topic: string, { marks }: WorkerOutcome): Promise<void> {
    const { found, foreign } = await readLog(this.#around.client, topic, marks.length);
    assertPassed(audit({ acknowledged: marks, found, foreign }), 'the log');
  }

  async #java(mainClass: string, args: string[]): ReturnType<typeof runJava> {
    const { java } = this.#around;
    if (java === undefined) throw new Error("Kafka's own programs are not at hand");
    return runJava(java(mainClass, ...args));
  }

  #recordsOf({ share = 1 }: Pick<Scenario, 'share'>): number {
    return Math.max(CHUNK, Math.ceil((this.#around.records * share) / CHUNK) * CHUNK);
  }

  #spec(scenario: Pick<Scenario, 'id'> & Partial<Scenario>, topic: string): WorkerSpec {
    const { client, folder, seconds } = this.#around;
    const { program = '', mode, callers, partitions = PARTITIONS, valueBytes = VALUE_BYTES } = scenario;
    const { observed, client: under, compression } = scenario;
    const { otlpUrl } = this.#around;
    const records = this.#recordsOf(scenario);
    return {
      program,
      brokers: client.brokers,
      // The programs know of no prefix.
      topic: `${client.topicPrefix}${topic}`,
      partitions,
      records,
      warmUpRecords: Math.floor(records * WARM_UP_SHARE),
      warmUpSeconds: Math.min(WARM_UP_SECONDS, seconds / 3),
      seconds,
      valueBytes,
      ...(mode === undefined ? {} : { mode }),
      ...(observed === undefined ? {} : { observed }),
      ...(otlpUrl === undefined ? {} : { otlpUrl }),
      ...(under === undefined ? {} : { client: under }),
      ...(compression === undefined ? {} : { compression }),
      ...(callers === undefined ? {} : { callers }),
      marksFile: join(folder, unique('marks')),
    };
  }

  async #withTopic<T>(
    { id, partitions = PARTITIONS }: Pick<Scenario, 'id' | 'partitions'>,
    work: (topic: string) => Promise<T>,
  ): Promise<T> {
    const { admin } = this.#around;
    const topic = unique(`bench-${id}`);
    await admin.ensureTopics([{ name: topic, partitions }]);
    try {
      return await work(topic);
    } finally {
      await admin.deleteTopics([topic]);
    }
  }
}

function toMeasurement({ result }: WorkerOutcome): Measurement {
  const { records, seconds, cpuSeconds, peakRssBytes, latency, errors } = result;
  return {
    recordsPerSecond: records / seconds,
    cpuMicrosPerRecord: (cpuSeconds * 1e6) / records,
    peakRssBytes,
    ...(latency === undefined ? {} : { latency }),
    ...(Object.keys(errors).length === 0 ? {} : { errors }),
  };
}

function javaMeasurement(
  ran: Awaited<ReturnType<typeof runJava>>,
  records: number,
  figures: Pick<Measurement, 'recordsPerSecond' | 'latency'>,
): Measurement {
  return {
    recordsPerSecond: figures.recordsPerSecond,
    cpuMicrosPerRecord: (ran.cpuSeconds * 1e6) / records,
    ...(ran.peakRssBytes === undefined ? {} : { peakRssBytes: ran.peakRssBytes }),
    ...(figures.latency === undefined ? {} : { latency: figures.latency }),
  };
}
