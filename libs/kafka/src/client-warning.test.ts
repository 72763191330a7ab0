import { createRequire } from 'node:module';
import { afterEach, expect, it, vi } from 'vitest';
import { silenceNegativeTimeoutOfKafkajs } from './client-warning.ts';

/** Calls a function from a file of kafkajs. */
const throughKafkajs = createRequire(import.meta.url)('kafkajs/src/utils/once.js') as (
  call: () => void,
) => () => void;
const heard: string[] = [];
const listen = (warning: Error) => heard.push(warning.name);

afterEach(() => {
  process.off('warning', listen);
  heard.length = 0;
});

it('passes on every warning that is not the one of kafkajs', async () => {
  process.on('warning', listen);
  silenceNegativeTimeoutOfKafkajs();

  process.emitWarning('hello', 'SomethingElse');
  process.emitWarning('-5 is a negative number', 'TimeoutNegativeWarning');

  await vi.waitFor(() => {
    expect(heard).toEqual(['SomethingElse', 'TimeoutNegativeWarning']);
  });
});

it('silences the one of kafkajs', async () => {
  process.on('warning', listen);
  silenceNegativeTimeoutOfKafkajs();

  throughKafkajs(() => {
    process.emitWarning('-5 is a negative number', 'TimeoutNegativeWarning');
  })();
  process.emitWarning('the end', 'Last');

  await vi.waitFor(() => {
    expect(heard).toEqual(['Last']);
  });
});
