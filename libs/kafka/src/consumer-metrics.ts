import { DURATION_BUCKETS, meterOf } from './metrics.ts';
import type { MetricsOptions } from './metrics.ts';

/** Where the times of the records of one topic go. */
export interface RecordTimes {
  record(durationMs: number, ageMs: number): void;
}

/** The labels of one topic, made once: a meter may know an object again that cannot change, and need not read it. */
interface TopicLabels {
  readonly all: Readonly<Record<string, string>>;
  readonly ofOutcome: Map<string, Readonly<Record<string, string>>>;
}

export interface ConsumerMetrics {
  /** A record was handled, or not: `outcome` is `applied`, `duplicate`, `fenced`, `dead-letter` and the like. */
  processed(topic: string, outcome: string, durationMs: number, ageMs: number): void;
  /** For records that are handled one after another: how long each of them took, and apart from that how many they were. */
  timesOf(topic: string): RecordTimes;
  counted(topic: string, outcome: string, records: number): void;
  /** The same for records that were decided together; the age is that of the oldest. */
  processedChunk(topic: string, outcomes: readonly string[], durationMs: number, oldestMs: number): void;
  retried(topic: string, verdict: string): void;
  rebalanced(): void;
  /** Records were deleted before they were handled; counted as one when their number is not known. */
  lost(topic: string, records: number): void;
  /** What is parked in the database now, by all members. */
  parked(topic: string, keys: number, records: number): void;
  /** Told until another is known, as long as this process is a member of its group. */
  lag(topic: string, partition: number, records: bigint): void;
  /** Forgets the lag of partitions that are not ours any more. */
  assigned(isAssigned: (topic: string, partition: number) => boolean): void;
  close(): void;
}

/**
 * The consumer's measurements, named after the OpenTelemetry semantic conventions where those have a name. What counts trouble is
 * there from the start, with 0: an alert on an increase does not see a series that begins with 1.
 */
export function createConsumerMetrics(
  metrics: MetricsOptions | undefined,
  groupId: string,
  topics: readonly string[],
  isMember: () => boolean,
): ConsumerMetrics {
  const meter = meterOf(metrics);
  const group = { 'messaging.system': 'kafka', 'messaging.consumer.group.name': groupId };
  const consumed = meter.createCounter('messaging.client.consumed.messages', {
    description: 'Records received and decided',
    unit: '{message}',
  });
  const duration = meter.createHistogram('messaging.process.duration', {
    description: 'Time from the first try of a record to its decision',
    unit: 's',
    advice: { explicitBucketBoundaries: DURATION_BUCKETS },
  });
  const age = meter.createHistogram('messaging.consumer.event_age', {
    description: 'Time from the append of a record to its decision',
    unit: 's',
    advice: { explicitBucketBoundaries: DURATION_BUCKETS },
  });
  const retries = meter.createCounter('messaging.consumer.retries', {
    description: 'Tries of a record after the first',
    unit: '{try}',
  });
  const deadLetters = meter.createCounter('messaging.consumer.dead_lettered', {
    description: 'Records put aside',
    unit: '{message}',
  });
  const duplicates = meter.createCounter('messaging.consumer.inbox_duplicates', {
    description: 'Records whose event was handled before',
    unit: '{message}',
  });
  const rebalances = meter.createCounter('messaging.consumer.rebalances', {
    description: 'Times the group divided its partitions anew',
    unit: '{rebalance}',
  });
  const joinedGauge = meter.createObservableGauge('messaging.consumer.joined', {
    description: 'Whether the process is a member of its group and Kafka answers it: 1, or 0',
    unit: '1',
  });
  const observeJoined = (result: { observe(value: number, attributes: Record<string, string>): void }) => {
    result.observe(isMember() ? 1 : 0, group);
  };
  joinedGauge.addCallback(observeJoined);
  const lagGauge = meter.createObservableGauge('messaging.consumer.lag', {
    description: 'Records in the log behind the last decided one; absent while the process is not joined',
    unit: '{message}',
  });
  const lags = new Map<string, { topic: string; partition: number; records: bigint }>();
  const observe = (result: { observe(value: number, attributes: Record<string, string | number>): void }) => {
    // Whoever hears nothing does not know what has been written.
    if (!isMember()) return;
    for (const { topic, partition, records } of lags.values()) {
      result.observe(Number(records), {
        ...group,
        'messaging.destination.name': topic,
        'messaging.destination.partition.id': String(partition),
      });
    }
  };
  lagGauge.addCallback(observe);
  const lost = meter.createCounter('messaging.consumer.lost', {
    description: 'Records that were deleted from the log before the group has handled them',
    unit: '{message}',
  });
  const parkedKeys = meter.createGauge('messaging.consumer.parked_keys', {
    description: 'Keys of which a record could not be handled and waits; the same figure in every member',
    unit: '{key}',
  });
  const parkedRecords = meter.createGauge('messaging.consumer.parked_records', {
    description: 'Records of parked keys; the same figure in every member',
    unit: '{message}',
  });
  rebalances.add(0, group);
  for (const topic of topics) {
    const attributes = { ...group, 'messaging.destination.name': topic };
    deadLetters.add(0, attributes);
    duplicates.add(0, attributes);
    lost.add(0, attributes);
    for (const verdict of ['transient', 'business']) retries.add(0, { ...attributes, verdict });
  }
  const labels = new Map<string, TopicLabels>();
  const labelsOf = (topic: string): TopicLabels => {
    let known = labels.get(topic);
    if (known === undefined) {
      known = { all: Object.freeze({ ...group, 'messaging.destination.name': topic }), ofOutcome: new Map() };
      labels.set(topic, known);
    }
    return known;
  };
  const count = (topic: string, outcome: string, records: number): void => {
    const { all, ofOutcome } = labelsOf(topic);
    let attributes = ofOutcome.get(outcome);
    if (attributes === undefined) {
      attributes = Object.freeze({ ...all, outcome });
      ofOutcome.set(outcome, attributes);
    }
    consumed.add(records, attributes);
    if (outcome === 'dead-letter') deadLetters.add(records, all);
    if (outcome === 'duplicate' || outcome === 'fenced') duplicates.add(records, all);
  };
  const timesOf = (topic: string): RecordTimes => {
    const { all } = labelsOf(topic);
    return {
      record(durationMs, ageMs) {
        duration.record(durationMs / 1000, all);
        age.record(Math.max(0, ageMs) / 1000, all);
      },
    };
  };
  return {
    processed(topic, outcome, durationMs, ageMs) {
      count(topic, outcome, 1);
      timesOf(topic).record(durationMs, ageMs);
    },
    timesOf,
    counted: count,
    processedChunk(topic, outcomes, durationMs, oldestMs) {
      timesOf(topic).record(durationMs, oldestMs);
      const counts = new Map<string, number>();
      for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      for (const [outcome, records] of counts) count(topic, outcome, records);
    },
    retried: (topic, verdict) => {
      retries.add(1, { ...group, 'messaging.destination.name': topic, verdict });
    },
    rebalanced: () => {
      rebalances.add(1, group);
    },
    lost: (topic, records) => {
      lost.add(Math.max(1, records), { ...group, 'messaging.destination.name': topic });
    },
    parked: (topic, keys, records) => {
      const attributes = { ...group, 'messaging.destination.name': topic };
      parkedKeys.record(keys, attributes);
      parkedRecords.record(records, attributes);
    },
    lag: (topic, partition, records) => {
      lags.set(`${topic}/${partition}`, { topic, partition, records });
    },
    assigned(isAssigned) {
      for (const [name, { topic, partition }] of lags) if (!isAssigned(topic, partition)) lags.delete(name);
    },
    close: () => {
      joinedGauge.removeCallback(observeJoined);
      lagGauge.removeCallback(observe);
    },
  };
}
