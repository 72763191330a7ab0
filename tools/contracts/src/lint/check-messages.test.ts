/** That the headers which messages have to describe are those of the code: both lists here, because lint loads neither library. */
import { toKafkaHeaders } from '@eda/contracts';
import { DEAD_LETTER_PREFIX, describeDeadLetter } from '@eda/kafka';
import { expect, it } from 'vitest';
import { DEAD_LETTER_HEADERS, EVENT_HEADERS } from './check-messages.ts';

it('an event has at least the headers that the codec writes for each', () => {
  const headers = toKafkaHeaders({
    id: 'a',
    source: '/b',
    type: 'c',
    time: new Date(0),
    contentType: 'application/avro',
    extensions: {},
  });
  expect(Object.keys(headers).sort()).toEqual(EVENT_HEADERS.toSorted());
});

it('a dead letter with nothing but its headers says where it came from, who gave it up and why', () => {
  const headers = Object.fromEntries(
    DEAD_LETTER_HEADERS.map((name) => {
      const word = name.replace(DEAD_LETTER_PREFIX, '');
      return [name, Buffer.from(word === 'partition' || word === 'offset' ? '7' : `the ${word}`)];
    }),
  );
  const timestamp = new Date(0);
  expect(
    describeDeadLetter({ topic: 't', partition: 0, offset: 0n, timestamp, key: null, value: null, headers }),
  ).toMatchObject({
    kind: 'dead-letter',
    topic: 'the topic',
    partition: 7,
    offset: 7n,
    groupId: 'the group',
    errorMessage: 'the exception.message',
  });
});
