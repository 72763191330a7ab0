/** A record of a dead-letter topic as the page shows it. */
import type { DeadLetter, ForeignRecord, RawRecord } from '@eda/kafka';
import { previewBytes, readable, readableHeaders } from './bytes-preview.ts';
import { placeOf } from './dead-letters.ts';
import type { DeadLetterView } from './messages.ts';

const REASON_HEADERS = '__dlq.errors.';

/** Returns a dead letter for the page; the headers that give the reason are told in words instead. */
export function deadLetterView(record: RawRecord, described: DeadLetter | ForeignRecord): DeadLetterView {
  const headers = Object.entries(readableHeaders(record.headers)).filter(
    ([name]) => !name.startsWith(REASON_HEADERS),
  );
  return {
    at: placeOf(record.topic, record.partition, record.offset),
    topic: record.topic,
    partition: record.partition,
    offset: String(record.offset),
    key: record.key && readable(record.key),
    headers: Object.fromEntries(headers),
    preview: record.value && previewBytes(record.value),
    ...(described.kind === 'dead-letter' ? reasonOf(described) : unknownReason(record)),
  };
}

type Reason = Pick<
  DeadLetterView,
  'group' | 'original' | 'failedAt' | 'attempts' | 'code' | 'errorName' | 'message' | 'stack'
>;

function reasonOf(letter: DeadLetter): Reason {
  return {
    group: letter.groupId,
    original: { topic: letter.topic, partition: letter.partition, offset: String(letter.offset) },
    failedAt: letter.failedAt.getTime(),
    attempts: letter.attempts,
    code: letter.code,
    errorName: letter.errorName,
    message: letter.errorMessage,
    stack: letter.errorStack,
  };
}

function unknownReason(record: RawRecord): Reason {
  return {
    group: 'unknown',
    original: { topic: record.topic, partition: record.partition, offset: String(record.offset) },
    failedAt: record.timestamp.getTime(),
    attempts: 0,
    code: 'FOREIGN',
    errorName: '',
    message: 'No consumer of this system put this record here: it does not say where it came from.',
    stack: '',
  };
}
