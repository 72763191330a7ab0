import avsc from 'avsc';
import { describe, expect, it } from 'vitest';
import type { Json } from '../contract-model.ts';
import { checkRuntime } from './check-runtime.ts';
import { parseSchema } from './parse-avro.ts';

function check(writer: Json, reader: Json) {
  return checkRuntime({ ...parseSchema(reader), json: reader }, { ...parseSchema(writer), json: writer });
}

/** What avsc does with random values; it may need several until it comes to the wrong place. */
function read(writer: Json, reader: Json): string {
  const from = avsc.Type.forSchema(writer as avsc.Schema, { registry: {} });
  const to = avsc.Type.forSchema(reader as avsc.Schema, { registry: {} });
  const resolver = to.createResolver(from);
  try {
    for (let tries = 0; tries < 200; tries += 1) to.fromBuffer(from.toBuffer(from.random()), resolver);
    return 'reads';
  } catch (error) {
    return (error as Error).message;
  }
}

const record = (name: string, fields: Record<string, Json>): Json => ({
  type: 'record',
  name,
  fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
});

describe('where avsc makes a resolver that cannot read', () => {
  const inUnion = (x: Json): Json =>
    record('T', { a: ['null', record('B', { x }), 'string'], b: ['null', 'B'] });

  it.each<[string, Json, Json, string]>([
    [
      'the second meeting of two records that do not fit',
      record('T', { a: record('B', { x: 'string' }), b: 'B' }),
      record('T', {
        a: [record('B', { x: 'int' }), { type: 'record', name: 'C', aliases: ['B'], fields: [] }],
        b: 'B',
      }),
      'typeResolver._read is not a function|_read is not a function',
    ],
    [
      'a field that has the name of the record',
      record('_a', { a: 'int' }),
      record('_a', { a: 'int' }),
      '_a is not a constructor',
    ],
  ])('says no: %s', (_what, writer, reader, message) => {
    expect(read(writer, reader)).toMatch(new RegExp(message));
    const runtime = check(writer, reader);
    expect(runtime.ok ? 'ok' : runtime.error).toMatch(/^avsc makes a resolver that cannot read/);
  });

  it('says yes where the half-made one is not used', () => {
    const writer = record('T', { a: record('B', { x: 'string' }) });
    const reader = record('T', {
      a: [record('B', { x: 'int' }), { type: 'record', name: 'C', aliases: ['B'], fields: [] }],
    });
    expect(read(writer, reader)).toBe('reads');
    expect(check(writer, reader)).toEqual({ ok: true });
  });

  it('says what avsc says where it makes none', () => {
    expect(check(inUnion('string'), inUnion('int'))).toMatchObject({ ok: false });
  });
});

describe('where avsc reads a schema in another way than Java', () => {
  it.each<[string, Json, string]>([
    ['a type before its definition', record('A', { b: 'B', c: record('B', {}) }), 'undefined type name: B'],
    ['an empty union', [], 'empty union'],
    [
      'a repeated definition',
      record('A', { b: record('B', {}), c: record('B', {}) }),
      'duplicate type name: B',
    ],
    ['a name that every object has', record('constructor', {}), 'duplicate type name: constructor'],
    ['a letter of another alphabet', record('Größe', {}), 'invalid name: "Größe"'],
    [
      'an order in capitals',
      { type: 'record', name: 'A', fields: [{ name: 'a', type: 'int', order: 'IGNORE' }] },
      'invalid order: "IGNORE"',
    ],
  ])('asks avsc: %s', (_what, json, error) => {
    expect(check(json, json)).toEqual({ ok: false, error });
  });

  it('asks for the first branch in a default', () => {
    const json = { type: 'record', name: 'A', fields: [{ name: 'a', type: ['null', 'int'], default: 1 }] };
    const runtime = check(json, json);
    expect(runtime.ok ? '' : runtime.error).toContain('incompatible field default 1');
  });
});
