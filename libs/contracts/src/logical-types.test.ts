import { describe, expect, it } from 'vitest';
import { avroType } from './avro-type.ts';

const decimal = (scale = 2, precision = 12) => ({ type: 'bytes', logicalType: 'decimal', precision, scale });
const roundTrip = (schema: unknown, value: unknown): unknown => {
  const type = avroType(schema);
  return type.fromBuffer(type.toBuffer(value));
};

describe('decimal', () => {
  it.each([
    ['0', '0.00'],
    ['-0', '0.00'],
    ['12.5', '12.50'],
    ['-0.01', '-0.01'],
    ['0.07', '0.07'],
    ['1.27', '1.27'],
    ['1.28', '1.28'],
    ['-1.28', '-1.28'],
    ['-1.29', '-1.29'],
    ['9999999999.99', '9999999999.99'],
    ['-9999999999.99', '-9999999999.99'],
    ['0000000000000012.50', '12.50'],
  ])('writes %s and reads %s', (written, read) => {
    expect(roundTrip(decimal(), written)).toBe(read);
  });

  it.each([[12.5], ['12.345'], ['10000000000.00'], ['1e3'], [''], ['.5'], ['5.'], ['١'], [null]])(
    'refuses %j',
    (value) => {
      expect(avroType(decimal()).isValid(value)).toBe(false);
    },
  );

  it('has no point without a scale', () => {
    expect(roundTrip(decimal(0), '-42')).toBe('-42');
  });

  it('is big-endian two’s complement in as few bytes as possible, as the Avro specification asks', () => {
    const type = avroType(decimal());
    expect(type.toBuffer('1.28')).toEqual(Buffer.from('040080', 'hex'));
    expect(type.toBuffer('-1.28')).toEqual(Buffer.from('0280', 'hex'));
  });

  it('fills a fixed, with the sign', () => {
    const fixed = { type: 'fixed', name: 'Amount', size: 4, logicalType: 'decimal', precision: 9, scale: 2 };
    expect(avroType(fixed).toBuffer('-1.28')).toEqual(Buffer.from('ffffff80', 'hex'));
    expect(roundTrip(fixed, '-1.28')).toBe('-1.28');
    expect(roundTrip(fixed, '1.28')).toBe('1.28');
  });
});

describe('timestamp-millis', () => {
  const schema = { type: 'long', logicalType: 'timestamp-millis' };

  it('is a Date', () => {
    const time = new Date('2026-01-15T09:30:00.123Z');
    expect(roundTrip(schema, time)).toEqual(time);
  });

  it.each([[new Date(NaN)], [1_700_000_000_000], ['2026-01-15T09:30:00Z'], [undefined]])(
    'refuses %s',
    (value) => {
      expect(avroType(schema).isValid(value)).toBe(false);
    },
  );

  it('does not read a number that is no point in time', () => {
    const bytes = avroType('long').toBuffer(9_000_000_000_000_000);
    expect(() => avroType(schema).fromBuffer(bytes) as unknown).toThrow(
      '9000000000000000 is not a point in time',
    );
  });
});

describe('date', () => {
  const schema = { type: 'int', logicalType: 'date' };

  it.each([['1970-01-01'], ['2026-02-28'], ['1969-12-31'], ['2028-02-29']])('keeps %s', (value) => {
    expect(roundTrip(schema, value)).toBe(value);
  });

  it.each([['2026-02-29'], ['2026-1-1'], ['2026-13-01'], [5]])('refuses %s', (value) => {
    expect(avroType(schema).isValid(value)).toBe(false);
  });
});

describe('uuid', () => {
  const schema = { type: 'string', logicalType: 'uuid' };

  it('is a string of the right form', () => {
    expect(roundTrip(schema, '0190163d-8694-739b-aea5-966c26f8ad91')).toBe(
      '0190163d-8694-739b-aea5-966c26f8ad91',
    );
    expect(avroType(schema).isValid('not a uuid')).toBe(false);
  });
});

describe('a writer with another schema', () => {
  const read = (writer: unknown, reader: unknown, value: unknown): unknown => {
    const from = avroType(writer);
    const to = avroType(reader);
    return to.fromBuffer(from.toBuffer(value), to.createResolver(from));
  };

  it('that wrote plain milliseconds is read as a timestamp', () => {
    expect(read('long', { type: 'long', logicalType: 'timestamp-millis' }, 5)).toEqual(new Date(5));
  });

  it('that wrote a timestamp is read as a plain number', () => {
    expect(read({ type: 'long', logicalType: 'timestamp-millis' }, 'long', new Date(5))).toBe(5);
  });

  it('that wrote microseconds is not taken for milliseconds', () => {
    const micros = { type: 'long', logicalType: 'timestamp-micros' };
    expect(() => read(micros, { type: 'long', logicalType: 'timestamp-millis' }, 5)).toThrow('cannot read');
    expect(read(micros, micros, 5)).toBe(5);
  });

  it('that wrote another scale is not read with ours', () => {
    expect(() => read(decimal(3), decimal(2), '1.000')).toThrow('cannot read');
    expect(read(decimal(2, 9), decimal(2, 12), '1.00')).toBe('1.00');
  });
});
