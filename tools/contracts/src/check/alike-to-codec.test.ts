/** Where the codec is not asked, it would have said nothing that avsc does not say. */
import { describe, expect, it } from 'vitest';
import { AvroRefused } from '../compat/avro-refused.ts';
import { checkRuntime } from '../compat/check-runtime.ts';
import { fixturePairs } from '../compat/fixture-pairs.ts';
import type { Json } from '../contract-model.ts';
import { hasSameLogicalTypes } from './alike-to-codec.ts';
import { versionOf, whyCodecCannotRead, whyNodeCannotRead } from './schema-version.ts';
import type { SchemaVersion } from './schema-version.ts';

function version(json: Json): SchemaVersion | undefined {
  try {
    return versionOf('', JSON.stringify(json), json);
  } catch (error) {
    if (error instanceof AvroRefused) return undefined;
    throw error;
  }
}

it('says the same as the codec of every pair that avsc reads and that is not intricate', () => {
  const told: object[] = [];
  let skipped = 0;
  for (const { id, writer, reader } of fixturePairs('pairs')) {
    const [own, other] = [version(reader), version(writer)];
    if (!own || !other || own.isIntricate || other.isIntricate || !checkRuntime(own, other).ok) continue;
    if (!hasSameLogicalTypes(own.schema, other.schema)) continue;
    skipped += 1;
    const reason = whyCodecCannotRead(own, other);
    if (reason !== undefined) told.push({ id, reason });
  }
  expect(told).toEqual([]);
  expect(skipped).toBeGreaterThan(100);
});

const record = (...types: readonly Json[]): Json => ({
  type: 'record',
  name: 'R',
  fields: types.map((type, index) => ({ name: `f${index}`, type })),
});
const DATE = { type: 'int', logicalType: 'date' };
const decimal = (scale: number) => ({ type: 'bytes', logicalType: 'decimal', precision: 9, scale });

describe('asks the codec, which refuses', () => {
  it.each<[string, Json, Json]>([
    ['another scale', record(decimal(2)), record(decimal(3))],
    [
      'another scale in a list',
      record({ type: 'array', items: decimal(2) }),
      record({ type: 'array', items: decimal(3) }),
    ],
    [
      'another scale in a map',
      record({ type: 'map', values: decimal(2) }),
      record({ type: 'map', values: decimal(3) }),
    ],
    ['another scale in a union', record(['null', decimal(2)]), record(['null', decimal(3)])],
    ['another scale in a record', record(record(decimal(2))), record(record(decimal(3)))],
    [
      'another unit of time',
      record({ type: 'long', logicalType: 'timestamp-millis' }),
      record({ type: 'long', logicalType: 'timestamp-micros' }),
    ],
  ])('%s', (_, before, after) => {
    const nested = (json: Json) =>
      JSON.parse(JSON.stringify(json).replaceAll(/"name":"R"/g, () => `"name":"R${(count += 1)}"`)) as Json;
    let count = 0;
    const [own, other] = [version(nested(after)), ((count = 0), version(nested(before)))];
    if (!own || !other) throw new Error('Avro refuses it');
    expect(checkRuntime(own, other)).toEqual({ ok: true });
    expect(whyNodeCannotRead(own, other)).toBeDefined();
  });

  it('a date of a plain number not at all', () => {
    const [own, other] = [version(record(DATE)), version(record('int'))];
    if (!own || !other) throw new Error('Avro refuses it');
    expect(whyNodeCannotRead(own, other)).toBeUndefined();
  });
});
