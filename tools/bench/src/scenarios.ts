/** Everything that is measured, in the order in which a round runs it. */

export type Kind = 'produce' | 'consume' | 'java-produce' | 'java-consume' | 'end-to-end' | 'pipeline';

/** What a scenario cannot do without. */
export type Need = 'database' | 'platform' | '@confluentinc/kafka-javascript';

export interface Scenario {
  readonly id: string;
  /** What `--only` selects by, besides the id. */
  readonly layer: 'L0' | 'L1' | 'L2' | 'L3' | 'naive' | 'platformatic' | 'confluent' | 'growth';
  readonly title: string;
  readonly kind: Kind;
  /** File of the program, relative to this folder. */
  readonly program?: string;
  readonly mode?: string;
  readonly observed?: 'sampled' | 'all';
  readonly client?: 'platformatic';
  readonly compression?: 'zstd';
  readonly callers?: number;
  readonly partitions?: number;
  readonly valueBytes?: number;
  /** Share of the records of a run; a JVM needs more to get warm, a slow path gets by with fewer. */
  readonly share?: number;
  readonly needs?: Need;
  /** What one run takes, in seconds, for the estimate of the time that is left. */
  readonly estimate: number;
}

export const PARTITIONS = 12;
export const VALUE_BYTES = 200;

const RAW = 'programs/raw-kafkajs.ts';
const PRODUCER = 'programs/library-producer.ts';
const CONSUMER = 'programs/library-consumer.ts';
const PLATFORMATIC = '../opponents/platformatic.js';
const CONFLUENT = '../opponents/confluent.js';
const CONFLUENT_PACKAGE = '@confluentinc/kafka-javascript';
const CALLERS = [64, 512, 4096] as const;

const produce = (scenario: Omit<Scenario, 'kind' | 'estimate'>): Scenario => ({
  ...scenario,
  kind: 'produce',
  estimate: 10,
});
const consume = (scenario: Omit<Scenario, 'kind' | 'estimate'>): Scenario => ({
  ...scenario,
  kind: 'consume',
  estimate: 8,
});

export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'L0-producer',
    layer: 'L0',
    title: 'JVM ProducerPerformance, records of the same size on the wire',
    kind: 'java-produce',
    mode: 'wire',
    share: 3,
    estimate: 12,
  },
  {
    id: 'L0-producer-value',
    layer: 'L0',
    title: 'JVM ProducerPerformance, 200 bytes without headers and key',
    kind: 'java-produce',
    mode: 'value',
    share: 3,
    estimate: 10,
  },
  produce({
    id: 'L1-producer',
    layer: 'L1',
    title: 'kafkajs, 500 a send, one partition a send',
    program: RAW,
    mode: 'batched',
  }),
  produce({
    id: 'L1-producer-idempotent',
    layer: 'L1',
    title: 'the same, idempotent',
    program: RAW,
    mode: 'batched-idempotent',
  }),
  ...CALLERS.slice(1).map((callers) =>
    produce({
      id: `L2-publish-${callers}`,
      layer: 'L2',
      title: `this library, publish, ${group(callers)} callers`,
      program: PRODUCER,
      mode: 'publish',
      callers,
    }),
  ),
  produce({
    id: 'L2-publish-many',
    layer: 'L2',
    title: 'this library, publishMany, 12 callers with 500 each',
    program: PRODUCER,
    mode: 'publish-many',
    callers: 12,
  }),
  ...(
    [
      ['observed', 'metrics, and 1 % of the traces', { observed: 'sampled' }],
      ['traced', 'metrics, and all traces', { observed: 'all' }],
      ['zstd', 'batches compressed by zstd, the default', { compression: 'zstd' }],
      ['second-client', 'on @platformatic/kafka', { client: 'platformatic' }],
    ] as const
  ).map(([name, what, how]) =>
    produce({
      id: `L2-publish-4096-${name}`,
      layer: 'L2',
      title: `publish, 4,096 callers, ${what}`,
      program: PRODUCER,
      mode: 'publish',
      callers: 4096,
      ...how,
    }),
  ),
  ...CALLERS.map((callers) =>
    produce({
      id: `naive-${callers}`,
      layer: 'naive',
      title: `kafkajs, awaited single sends, idempotent, ${group(callers)} callers`,
      program: RAW,
      mode: 'awaited',
      callers,
    }),
  ),
  ...CALLERS.slice(1).map((callers) =>
    produce({
      id: `platformatic-${callers}`,
      layer: 'platformatic',
      title: `@platformatic/kafka, awaited single sends, ${group(callers)} callers`,
      program: PLATFORMATIC,
      mode: 'awaited',
      callers,
    }),
  ),
  produce({
    id: 'platformatic-stream',
    layer: 'platformatic',
    title: '@platformatic/kafka, producer stream (2,000, 5 ms)',
    program: PLATFORMATIC,
    mode: 'stream',
  }),
  ...CALLERS.slice(1).map((callers) =>
    produce({
      id: `confluent-${callers}`,
      layer: 'confluent',
      title: `@confluentinc/kafka-javascript, awaited single sends, ${group(callers)} callers`,
      program: CONFLUENT,
      mode: 'awaited',
      callers,
      needs: CONFLUENT_PACKAGE,
    }),
  ),
  produce({
    id: 'confluent-batched',
    layer: 'confluent',
    title: '@confluentinc/kafka-javascript, 10,000 sends, then flush',
    program: CONFLUENT,
    mode: 'batched',
    needs: CONFLUENT_PACKAGE,
  }),

  { id: 'L0-consumer', layer: 'L0', title: 'JVM ConsumerPerformance', kind: 'java-consume', estimate: 8 },
  consume({
    id: 'L1-consumer',
    layer: 'L1',
    title: 'kafkajs, eachBatch that counts',
    program: RAW,
    mode: 'consumer',
  }),
  consume({
    id: 'L2-handler',
    layer: 'L2',
    title: 'this library, handler, no store',
    program: CONSUMER,
    mode: 'handler',
  }),
  consume({
    id: 'L2-handler-observed',
    layer: 'L2',
    title: 'handler, no store, metrics, and 1 % of the traces',
    program: CONSUMER,
    mode: 'handler',
    observed: 'sampled',
  }),
  consume({
    id: 'L2-batch',
    layer: 'L2',
    title: 'this library, batch handler, no store',
    program: CONSUMER,
    mode: 'batch',
  }),
  consume({
    id: 'L2-batch-second-client',
    layer: 'L2',
    title: 'batch handler, no store, on @platformatic/kafka',
    program: CONSUMER,
    mode: 'batch',
    client: 'platformatic',
  }),
  consume({
    id: 'L2-handler-inbox',
    layer: 'L2',
    title: 'handler with inbox in PostgreSQL',
    program: CONSUMER,
    mode: 'handler',
    needs: 'database',
    share: 0.04,
  }),
  consume({
    id: 'L2-batch-inbox',
    layer: 'L2',
    title: 'batch handler with inbox in PostgreSQL',
    program: CONSUMER,
    mode: 'batch',
    needs: 'database',
  }),
  consume({
    id: 'platformatic-consumer',
    layer: 'platformatic',
    title: '@platformatic/kafka, consumer stream',
    program: PLATFORMATIC,
    mode: 'consumer',
  }),
  consume({
    id: 'confluent-consumer',
    layer: 'confluent',
    title: '@confluentinc/kafka-javascript, eachBatch that counts',
    program: CONFLUENT,
    mode: 'consumer',
    needs: CONFLUENT_PACKAGE,
  }),

  {
    id: 'L2-end-to-end',
    layer: 'L2',
    title: 'publish to handler, 70 % of the ceiling, open loop',
    kind: 'end-to-end',
    estimate: 45,
  },
  {
    id: 'L3-pipeline',
    layer: 'L3',
    title: 'HTTP, outbox, Kafka, inbox, PostgreSQL',
    kind: 'pipeline',
    needs: 'platform',
    estimate: 60,
  },
];

/**
 * What runs before the first round and is not counted: brokers that were just started compile their code for most of a minute, at
 * the cost of whoever is measured then.
 */
export const WARM_UP: readonly Scenario[] = [
  'L2-publish-512',
  'L2-publish-4096',
  'L1-consumer',
  'naive-4096',
  'L2-publish-many',
  'L2-batch',
  'L2-publish-512',
].flatMap((wanted) => SCENARIOS.filter(({ id }) => id === wanted));

function group(value: number): string {
  return value.toLocaleString('en-US');
}

export const GROWTH = {
  partitions: [1, 6, 12, 48],
  callers: [1, 8, 64, 512, 2048, 4096, 8192],
  bytes: [100, 200, 1024, 10_240, 102_400],
} as const;

export type GrowthAxis = keyof typeof GROWTH;

/** Bytes that callers may have on their way together: a quarter of the producer's memory. */
const ON_THE_WAY_BYTES = 8 << 20;

/** The points of the growth plots: the library along each axis, and kafkajs by hand where it has the same axis. */
export function growthScenarios(): (Scenario & { readonly axis: GrowthAxis; readonly at: number })[] {
  const point = (axis: GrowthAxis, at: number, more: Partial<Scenario>) => {
    const line = more.program === RAW ? 'L1' : 'L2';
    return {
      ...produce({
        id: `growth-${axis}-${at}-${line}`,
        layer: 'growth',
        title: `${line} at ${group(at)} ${axis}`,
        ...more,
      }),
      estimate: 7,
      axis,
      at,
    };
  };
  const library = { program: PRODUCER, mode: 'publish', callers: 4096, share: 0.5 };
  const raw = { program: RAW, mode: 'batched', share: 0.5 };
  return [
    ...GROWTH.partitions.flatMap((partitions) => [
      point('partitions', partitions, { ...raw, partitions }),
      point('partitions', partitions, { ...library, partitions }),
    ]),
    ...GROWTH.callers.map((callers) => point('callers', callers, { ...library, callers })),
    ...GROWTH.bytes.flatMap((bytes) => {
      const share = Math.min(0.5, (0.5 * 4096) / bytes);
      const callers = Math.max(16, Math.min(4096, Math.floor(ON_THE_WAY_BYTES / bytes)));
      return [
        ...(bytes <= 1024 ? [point('bytes', bytes, { ...raw, valueBytes: bytes, share })] : []),
        point('bytes', bytes, { ...library, valueBytes: bytes, share, callers }),
      ];
    }),
  ];
}

/** The scenarios whose id or layer begins with one of `only` (letters of either case); all of them when `only` is empty. */
export function select(only: readonly string[], scenarios: readonly Scenario[] = SCENARIOS): Scenario[] {
  const wanted = only.map((word) => word.toLowerCase());
  return scenarios.filter(
    ({ id, layer }) =>
      wanted.length === 0 ||
      wanted.some((word) => layer.toLowerCase() === word || id.toLowerCase().startsWith(word)),
  );
}
