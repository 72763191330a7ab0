import { expect, it } from 'vitest';
import { classify } from './classify.ts';
import { DeliveryUnknown, InvalidRecord, PermanentError, TransientError } from './errors.ts';

const withCode = (code: string) => Object.assign(new Error('failed'), { code });

it.each([
  ['a transient error', new TransientError('later')],
  ['an unknown delivery', new DeliveryUnknown('who knows')],
  ['a refused connection', withCode('ECONNREFUSED')],
  [
    'several refused connections',
    Object.assign(new AggregateError([withCode('ECONNREFUSED')]), { code: 'ECONNREFUSED' }),
  ],
  ['a connection exception of PostgreSQL', withCode('08006')],
  ['too many connections', withCode('53300')],
  ['an administrator shutdown', withCode('57P01')],
  ['a database that starts', withCode('57P03')],
  ['a serialization failure', withCode('40001')],
  ['a deadlock', withCode('40P01')],
  ['a statement time-out', withCode('57014')],
  ['a standby', withCode('25006')],
  ['a cause that is transient', new Error('could not save', { cause: withCode('ECONNRESET') })],
])('%s is transient', (_, error) => {
  expect(classify(error)).toBe('transient');
});

it.each([
  ['a permanent error', new PermanentError('never')],
  ['an invalid record', new InvalidRecord('no')],
  ['an error of another library with a verdict', Object.assign(new Error('schema'), { verdict: 'poison' })],
])('%s is poison', (_, error) => {
  expect(classify(error)).toBe('poison');
});

it.each([
  ['a plain error', new Error('insufficient stock')],
  ['a programming error', new TypeError('undefined is not a function')],
  ['a violated constraint', withCode('23514')],
  ['an unknown verdict', Object.assign(new Error('odd'), { verdict: 'maybe' })],
  ['a message that only sounds like an outage', new Error('ECONNREFUSED')],
  ['a string', 'broken'],
  ['null', null],
  ['undefined', undefined],
])('%s is business', (_, error) => {
  expect(classify(error)).toBe('business');
});

it('stops at a cause that is its own cause', () => {
  const error = new Error('round');
  error.cause = error;

  expect(classify(error)).toBe('business');
});
