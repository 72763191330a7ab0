import { describe, expect, test } from 'vitest';
import {
  benchCodec,
  benchContract,
  eventMaker,
  MAX_RECORDS,
  numberOf,
  sequenceOf,
  SOURCE,
  wireTemplate,
} from './bench-event.ts';

const contract = benchContract('t');
const codec = benchCodec(contract);
const encode = (number: number, bytes: number) => {
  const data = eventMaker(bytes)(number);
  return codec.encode(contract, {
    id: 'id',
    type: contract.type,
    source: SOURCE,
    time: new Date(),
    key: contract.key(data),
    data,
    extensions: {},
  });
};

describe('a record of the benchmark', () => {
  test.each([100, 200, 1024, 10_240, 102_400])(
    'has a framed value of exactly %d bytes, whatever its number',
    (bytes) => {
      for (const number of [0, 1, 63, 64, 8191, 1_000_000, MAX_RECORDS - 1])
        expect(encode(number, bytes).value?.length).toBe(bytes);
    },
  );

  test('says its number in the value, from the first to the last one', () => {
    for (const number of [0, 1, 63, 64, 127, 128, 16_383, 16_384, 5_000_000, MAX_RECORDS - 1]) {
      expect(sequenceOf(encode(number, 200).value)).toBe(number);
      expect(numberOf(eventMaker(200)(number))).toBe(number);
    }
  });

  test('a value that is none of ours has no number', () => {
    for (const value of [
      null,
      Buffer.alloc(0),
      Buffer.alloc(200),
      Buffer.alloc(200, 0xff),
      Buffer.from('{"sequence":1}'),
    ])
      expect(sequenceOf(value)).toBe(-1);
  });

  test('cannot be smaller than its fields', () => {
    expect(() => eventMaker(30)).toThrow(RangeError);
  });
});

describe('the template for clients without a codec', () => {
  test('makes what the codec makes, but for the moment', () => {
    const template = wireTemplate('t', 200);
    for (const number of [0, 64, 9_999, 10_000, 1_000_000]) {
      const value = template.value(number);
      expect(sequenceOf(value)).toBe(number);
      expect(value.length).toBe(200);
      expect(template.key(number).toString()).toBe(encode(number, 200).key?.toString());
      expect(numberOf(codecData(value))).toBe(number);
    }
    expect(Object.keys(template.headers)).toEqual(Object.keys(encode(0, 200).headers));
  });

  test('gives each record bytes of its own', () => {
    const { value } = wireTemplate('t', 200);
    const [first, second] = [value(1), value(2)];
    expect([sequenceOf(first), sequenceOf(second)]).toEqual([1, 2]);
  });
});

function codecData(value: Buffer) {
  const headers = Object.fromEntries(
    Object.entries(encode(0, 200).headers).map(([name, text]) => [name, Buffer.from(text as string)]),
  );
  const event = codec.decode(contract, {
    topic: 't',
    partition: 0,
    offset: 0n,
    timestamp: new Date(),
    key: Buffer.from('k'),
    value,
    headers,
  });
  if (event instanceof Promise) throw new Error('the schema is known');
  return event.data;
}
