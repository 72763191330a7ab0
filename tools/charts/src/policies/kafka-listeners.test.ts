import { describe, expect, it } from 'vitest';
import { kafkaListeners } from './kafka-listeners.ts';
import { changed, KAFKA, told } from './policy.setup.ts';

describe('A listener of Kafka', () => {
  it('with TLS and authentication is right', () => {
    expect(told(kafkaListeners, KAFKA)).toEqual([]);
  });

  it.each([
    ['tls: true', 'tls: false', 'listeners[0].tls: listener tls is not encrypted; set true'],
    [
      ', authentication: { type: tls }',
      '',
      'listeners[0].authentication: listener tls asks nobody who they are; set tls or scram-sha-512',
    ],
    [
      'authorization: { type: simple }',
      'rack: {}',
      'authorization: is missing, so everybody may do everything; set type simple',
    ],
  ])('is open when "%s" becomes "%s"', (from, to, line) => {
    expect(told(kafkaListeners, changed(KAFKA, from, to))).toEqual([`Kafka/eda spec.kafka.${line}`]);
  });
});
