import { hostname } from 'node:os';
import { describeError, RecordTooLarge } from './errors.ts';
import { headerText } from './header-text.ts';
import { runEntry } from './redrive-run.ts';
import type { OutgoingRecord, Producer, RawHeaders, RawRecord } from './types.ts';

/** Before every header that says why a record was put aside. */
export const DEAD_LETTER_PREFIX = '__dlq.errors.';
/** On a record without a value: the dead letter at `<partition>:<offset>` of this topic was put back. */
export const REDRIVEN_HEADER = '__dlq.redriven';

/** What runs in each stage. */
const STEPS: Readonly<Record<string, string>> = { decode: 'EventCodec', handler: 'Handler' };

const MAX_MESSAGE = 2000;
const MAX_STACK = 8000;
const MAX_BRIEF_MESSAGE = 200;

export interface DeadLetterReason {
  readonly groupId: string;
  /** Where it failed: `decode` or `handler`. */
  readonly stage: string;
  readonly error: unknown;
  readonly attempts: number;
  readonly failedAt: Date;
  /** Without the stack, and with little of the message. */
  readonly brief?: boolean;
}

/** A record of a dead-letter topic with its reason, as an operator wants to see it. */
export interface DeadLetter {
  readonly kind: 'dead-letter';
  /** Its place in the dead-letter topic. */
  readonly deadLetterTopic: string;
  readonly deadLetterPartition: number;
  readonly deadLetterOffset: bigint;
  /** Its place in the topic it came from. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestamp: Date;
  readonly groupId: string;
  readonly stage: string;
  readonly errorName: string;
  readonly errorMessage: string;
  readonly errorStack: string;
  readonly code: string;
  readonly attempts: number;
  readonly failedAt: Date;
}

/** Says that the dead letter at this place of the same topic was put back. */
export interface RedrivenMarker {
  readonly kind: 'redriven';
  readonly deadLetterTopic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly redrivenAt: Date;
}

/** Says that somebody puts dead letters of this partition back, or has done with it. */
export interface RedriveRunRecord {
  readonly kind: 'redrive-run';
  readonly deadLetterTopic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** A record that this library did not write to the dead-letter topic. */
export interface ForeignRecord {
  readonly kind: 'foreign';
  readonly deadLetterTopic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** The topic for records of `topic` that `groupId` could not handle. */
export function deadLetterTopic(topic: string, groupId: string): string {
  return `${topic}.${groupId}.dlq`;
}

function errorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' || typeof code === 'number' ? String(code) : 'UNCLASSIFIED';
}

/** The dead letter of `record`: key, value and headers as they were, and headers that say what happened. */
export function toDeadLetter(
  record: RawRecord,
  { groupId, stage, error, attempts, failedAt, brief = false }: DeadLetterReason,
): OutgoingRecord {
  const reason = {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    timestamp: record.timestamp.getTime(),
    group: groupId,
    // Connect's names for who gave up and where, so that what reads its dead letters reads these.
    'connector.name': groupId,
    'task.id': hostname(),
    stage,
    'class.name': STEPS[stage] ?? stage,
    'exception.class.name': error instanceof Error ? error.name : typeof error,
    'exception.message': describeError(error).slice(0, brief ? MAX_BRIEF_MESSAGE : MAX_MESSAGE),
    'exception.stacktrace': (error instanceof Error ? (error.stack ?? '') : '').slice(
      0,
      brief ? 0 : MAX_STACK,
    ),
    code: errorCode(error),
    attempts,
    failed_at: failedAt.toISOString(),
  };
  const headers: OutgoingRecord['headers'] = { ...withoutReason(record.headers) };
  for (const [name, value] of Object.entries(reason)) headers[DEAD_LETTER_PREFIX + name] = String(value);
  return { topic: deadLetterTopic(record.topic, groupId), key: record.key, value: record.value, headers };
}

/** Writes the dead letter of `record`; briefly, where the whole reason does not fit into the topic. Rejects as `producer.send`. */
export async function sendDeadLetter(
  producer: Producer,
  record: RawRecord,
  reason: DeadLetterReason,
): Promise<void> {
  try {
    await producer.send(toDeadLetter(record, reason));
  } catch (error) {
    if (!(error instanceof RecordTooLarge)) throw error;
    await producer.send(toDeadLetter(record, { ...reason, brief: true }));
  }
}

/** The headers as they were before the record was put aside. */
export function withoutReason(headers: RawHeaders): RawHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(DEAD_LETTER_PREFIX)));
}

function natural(value: string | undefined): bigint | undefined {
  return value !== undefined && /^\d{1,19}$/.test(value) ? BigInt(value) : undefined;
}

/** The place that a redriven marker names; undefined for any other record. */
export function redrivenPlace(record: RawRecord): { partition: number; offset: bigint } | undefined {
  const [, partition, offset] =
    /^(\d{1,9}):(\d{1,19})$/.exec(headerText(record.headers, REDRIVEN_HEADER) ?? '') ?? [];
  if (record.value !== null || partition === undefined || offset === undefined) return undefined;
  return { partition: Number(partition), offset: BigInt(offset) };
}

/** Reads what a record of a dead-letter topic says; never throws, a record of another origin is `foreign`. */
export function describeDeadLetter(
  record: RawRecord,
): DeadLetter | RedrivenMarker | RedriveRunRecord | ForeignRecord {
  const marker = redrivenPlace(record);
  if (marker !== undefined)
    return { kind: 'redriven', deadLetterTopic: record.topic, ...marker, redrivenAt: record.timestamp };
  if (runEntry(record) !== undefined)
    return {
      kind: 'redrive-run',
      deadLetterTopic: record.topic,
      partition: record.partition,
      offset: record.offset,
    };
  const header = (name: string) => headerText(record.headers, DEAD_LETTER_PREFIX + name);
  const topic = header('topic');
  const partition = natural(header('partition'));
  const offset = natural(header('offset'));
  if (topic === undefined || partition === undefined || offset === undefined) {
    return {
      kind: 'foreign',
      deadLetterTopic: record.topic,
      partition: record.partition,
      offset: record.offset,
    };
  }
  return {
    kind: 'dead-letter',
    deadLetterTopic: record.topic,
    deadLetterPartition: record.partition,
    deadLetterOffset: record.offset,
    topic,
    partition: Number(partition),
    offset,
    timestamp: new Date(Number(header('timestamp') ?? 0)),
    groupId: header('group') ?? '',
    stage: header('stage') ?? header('class.name') ?? '',
    errorName: header('exception.class.name') ?? '',
    errorMessage: header('exception.message') ?? '',
    errorStack: header('exception.stacktrace') ?? '',
    code: header('code') ?? 'UNCLASSIFIED',
    attempts: Number(header('attempts') ?? 1),
    failedAt: new Date(header('failed_at') ?? record.timestamp),
  };
}
