import { describe, expect, it } from 'vitest';
import { toAppendError as byKafkajs, toSessionLost as lostByKafkajs } from './client-errors.ts';
import {
  toAppendError as byPlatformatic,
  toSessionLost as lostByPlatformatic,
} from './client-platformatic-errors.ts';
import { SessionLost } from './client-types.ts';

/** A broker's error as each client passes it on. */
const kafkajsError = (type: string) => Object.assign(new Error(type), { cause: { type } });
const platformaticError = (apiId: string) => new AggregateError([Object.assign(new Error(apiId), { apiId })]);

describe('a broker that answers', () => {
  it.each([
    // Pending or elsewhere, and perhaps written: the same batch is sent again.
    ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'unknown'],
    ['NOT_ENOUGH_REPLICAS', 'unknown'],
    ['REQUEST_TIMED_OUT', 'unknown'],
    ['NOT_LEADER_FOR_PARTITION', 'unknown'],
    ['CORRUPT_MESSAGE', 'unknown'],
    ['NOT_HEARD_OF_BEFORE', 'unknown'],
    // Never success: which batch the broker means is not known.
    ['DUPLICATE_SEQUENCE_NUMBER', 'sequence'],
    ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'sequence'],
    ['UNKNOWN_PRODUCER_ID', 'sequence'],
    ['INVALID_PRODUCER_EPOCH', 'sequence'],
    ['MESSAGE_TOO_LARGE', 'too-large'],
    ['INVALID_RECORD', 'bad-record'],
    ['UNKNOWN_TOPIC_OR_PARTITION', 'missing-topic'],
    ['TOPIC_AUTHORIZATION_FAILED', 'refused'],
  ])('%s means %s, whichever client heard it', (name, failure) => {
    expect(byKafkajs(kafkajsError(name))).toMatchObject({ failure, code: name });
    expect(byPlatformatic(platformaticError(name))).toMatchObject({ failure, code: name });
  });

  it.each([
    ['REBALANCE_IN_PROGRESS', 'rebalancing'],
    ['ILLEGAL_GENERATION', 'expelled'],
    ['UNKNOWN_MEMBER_ID', 'expelled'],
  ])('%s means for a member: %s', (name, reason) => {
    expect(lostByKafkajs(kafkajsError(name))).toMatchObject({ reason });
    expect(lostByPlatformatic(platformaticError(name))).toMatchObject({ reason });
  });
});

it('a failure without an answer is told by the error that says most, whatever it is wrapped in', () => {
  const wrap = (name: string, cause: Error) => Object.assign(new Error('tried', { cause }), { name });
  const timeout = Object.assign(new Error('no answer'), { name: 'KafkaJSRequestTimeoutError' });
  const network = Object.assign(new Error('refused'), { code: 'PLT_KFK_NETWORK' });

  expect(byKafkajs(wrap('KafkaJSNumberOfRetriesExceeded', timeout)).code).toBe('KafkaJSRequestTimeoutError');
  expect(byKafkajs(wrap('Error', timeout)).code).toBe('KafkaJSRequestTimeoutError');
  expect(byPlatformatic(new AggregateError([network])).code).toBe('PLT_KFK_NETWORK');
  for (const client of [byKafkajs, byPlatformatic]) expect(client(new Error('?')).code).toBe('UNKNOWN');
});

it('without an answer nothing is known, and the session may go on', () => {
  const error = new Error('the connection ended');

  expect(byKafkajs(error)).toMatchObject({ failure: 'unknown' });
  expect(byPlatformatic(error)).toMatchObject({ failure: 'unknown' });
  expect(lostByKafkajs(error)).not.toBeInstanceOf(SessionLost);
  expect(lostByPlatformatic(error)).toBe(error);
});
