import { describe, expect, it } from 'vitest';
import { fromKafkaHeaders, toKafkaHeaders } from './cloudevents.ts';
import type { HeaderValues } from './cloudevents.ts';

/** The example of the CloudEvents 1.0 Kafka protocol binding, section 3.2.5 (binary content mode). */
const SPECIFICATION_EXAMPLE = {
  ce_specversion: '1.0',
  ce_type: 'com.example.someevent',
  ce_source: '/mycontext/subcontext',
  ce_id: '1234-1234-1234',
  ce_time: '2018-04-05T03:56:24Z',
  'content-type': 'application/avro',
};
const ATTRIBUTES = {
  id: '1234-1234-1234',
  source: '/mycontext/subcontext',
  type: 'com.example.someevent',
  time: new Date('2018-04-05T03:56:24Z'),
  contentType: 'application/avro',
  extensions: {},
};

const onTheWire = (headers: Readonly<Record<string, string>>): HeaderValues =>
  Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, Buffer.from(value)]));
const problem = (headers: HeaderValues): unknown => {
  try {
    return fromKafkaHeaders(headers);
  } catch (error) {
    return error;
  }
};

describe('the example of the specification', () => {
  it('is read', () => {
    expect(fromKafkaHeaders(onTheWire(SPECIFICATION_EXAMPLE))).toStrictEqual(ATTRIBUTES);
  });

  it('is written', () => {
    expect(toKafkaHeaders(ATTRIBUTES)).toEqual({
      ...SPECIFICATION_EXAMPLE,
      ce_time: '2018-04-05T03:56:24.000Z',
    });
  });

  it('in structured mode is refused with its reason', () => {
    const structured = onTheWire({ 'content-type': 'application/cloudevents+json; charset=UTF-8' });
    expect(problem(structured)).toMatchObject({
      name: 'DeserializationError',
      verdict: 'poison',
      code: 'HEADER_INVALID',
      message: expect.stringContaining('structured mode') as string,
    });
  });
});

describe('toKafkaHeaders', () => {
  it('puts extensions behind ce_ and leaves trace context where tracing looks for it', () => {
    const headers = toKafkaHeaders({
      ...ATTRIBUTES,
      subject: 'Store_1',
      extensions: { correlationid: 'c', causationid: 'd', traceparent: '00-a-b-01', tracestate: 'x=y' },
    });
    expect(headers).toMatchObject({
      ce_subject: 'Store_1',
      ce_correlationid: 'c',
      ce_causationid: 'd',
      traceparent: '00-a-b-01',
      tracestate: 'x=y',
    });
    expect(headers).not.toHaveProperty('ce_traceparent');
  });

  it('writes nothing for what is absent', () => {
    expect(toKafkaHeaders({ id: 'a', source: '/b', type: 'c', extensions: {} })).toEqual({
      ce_specversion: '1.0',
      ce_id: 'a',
      ce_source: '/b',
      ce_type: 'c',
    });
  });

  it.each([['correlationId'], ['correlation-id'], ['id'], ['specversion'], ['data'], ['']])(
    'refuses an extension named "%s"',
    (name) => {
      expect(() => toKafkaHeaders({ ...ATTRIBUTES, extensions: { [name]: 'x' } })).toThrow(
        expect.objectContaining({ name: 'SerializationError' }) as Error,
      );
    },
  );

  it.each([['id'], ['source'], ['type']])('refuses an empty %s', (name) => {
    expect(() => toKafkaHeaders({ ...ATTRIBUTES, [name]: '' })).toThrow(
      `CloudEvents attribute ${name} is empty`,
    );
  });

  it('refuses an invalid time', () => {
    expect(() => toKafkaHeaders({ ...ATTRIBUTES, time: new Date(NaN) })).toThrow('not a point in time');
  });
});

describe('fromKafkaHeaders', () => {
  it('reads back what was written, text beyond ASCII too', () => {
    const attributes = {
      ...ATTRIBUTES,
      subject: 'Zürich – 東京',
      extensions: { correlationid: 'ä', traceparent: '00-a-b-01' },
    };
    expect(fromKafkaHeaders(onTheWire(toKafkaHeaders(attributes)))).toStrictEqual(attributes);
  });

  it('takes headers that are strings, and leaves foreign ones alone', () => {
    expect(
      fromKafkaHeaders({ ...SPECIFICATION_EXAMPLE, '__dlq.errors.topic': 'x', other: 'y' }),
    ).toStrictEqual(ATTRIBUTES);
  });

  it('takes attributes that are optional in the specification as absent', () => {
    const { ce_specversion, ce_type, ce_source, ce_id } = SPECIFICATION_EXAMPLE;
    const { id, source, type, extensions } = ATTRIBUTES;
    expect(fromKafkaHeaders({ ce_specversion, ce_type, ce_source, ce_id })).toStrictEqual({
      id,
      source,
      type,
      extensions,
    });
  });

  it.each([['2018-04-05T03:56:24+02:00'], ['2018-04-05t03:56:24.123456z']])('takes the time %s', (time) => {
    expect(fromKafkaHeaders({ ...SPECIFICATION_EXAMPLE, ce_time: time }).time).toEqual(
      new Date(Date.parse(time.toUpperCase())),
    );
  });

  it.each([['ce_specversion'], ['ce_id'], ['ce_source'], ['ce_type']])(
    'refuses headers without %s',
    (key) => {
      const rest = Object.fromEntries(Object.entries(SPECIFICATION_EXAMPLE).filter(([name]) => name !== key));
      expect(problem(rest)).toMatchObject({
        verdict: 'poison',
        code: 'HEADER_MISSING',
        message: `header ${key} is missing`,
      });
    },
  );

  it.each([
    ['ce_specversion', '0.3'],
    ['ce_id', ''],
    ['ce_source', ''],
    ['ce_time', 'yesterday'],
    ['ce_time', '2018-04-05'],
    ['ce_time', '2018-13-05T03:56:24Z'],
  ])('refuses %s "%s"', (key, value) => {
    expect(problem({ ...SPECIFICATION_EXAMPLE, [key]: value })).toMatchObject({
      verdict: 'poison',
      code: 'HEADER_INVALID',
      message: expect.stringContaining(`header ${key} is "${value}"`) as string,
    });
  });

  it('refuses a header that stands twice', () => {
    const twice = { ...SPECIFICATION_EXAMPLE, ce_id: [Buffer.from('a'), Buffer.from('b')] };
    expect(problem(twice)).toMatchObject({ code: 'HEADER_INVALID', message: 'header ce_id stands 2 times' });
  });
});
