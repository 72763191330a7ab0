import { isUtf8 } from 'node:buffer';
import { checkCompatibility } from './check-compatibility.ts';
import { checkRuntime } from './check-runtime.ts';
import type { Runtime, SchemaWithSource } from './check-runtime.ts';
import { exactId } from './exact-id.ts';
import { AmbiguousField } from './incompatibility.ts';
import type { Incompatibility } from './incompatibility.ts';
import { isObject } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { parseSchema, AvroRefused } from './parse-avro.ts';

/** What is known of one pair; `id` is any JSON, as it came. */
export type PairResult =
  | {
      readonly id: unknown;
      readonly compatible: boolean;
      readonly incompatibilities: readonly Pick<Incompatibility, 'type' | 'location'>[];
      readonly runtime: Runtime;
    }
  | { readonly id: unknown; readonly error: string };

const BYTE_ORDER_MARK = '\ufeff';

function readSide(pair: JsonObject, side: 'writer' | 'reader'): SchemaWithSource {
  const json = pair[side];
  if (json === undefined) throw new AvroRefused('', `there is no ${side}`);
  try {
    return { ...parseSchema(json), json };
  } catch (error) {
    if (error instanceof AvroRefused) throw new AvroRefused(`/${side}${error.location}`, error.reason);
    throw error;
  }
}

/** Compares the two schemas of one line, `{"id", "writer", "reader"}`; what is wrong with it is a result, too. */
export function comparePair(text: string): PairResult {
  const json = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  let pair: unknown;
  try {
    pair = JSON.parse(json);
  } catch (error) {
    return { id: null, error: `is not JSON: ${(error as Error).message}` };
  }
  if (!isObject(pair)) return { id: null, error: 'is not a JSON object' };
  let id: unknown = null;
  try {
    id = exactId(json, pair['id']);
    const writer = readSide(pair, 'writer');
    const reader = readSide(pair, 'reader');
    const incompatibilities = checkCompatibility(reader.schema, writer.schema);
    return {
      id,
      compatible: incompatibilities.length === 0,
      incompatibilities: incompatibilities.map(({ type, location }) => ({ type, location })),
      runtime: checkRuntime(reader, writer),
    };
  } catch (error) {
    if (error instanceof AvroRefused || error instanceof AmbiguousField) return { id, error: error.message };
    if (error instanceof RangeError) return { id, error: 'the schemas are nested too deeply to be compared' };
    throw error;
  }
}

/** Does the same for the bytes of a line. */
export function compareLine(line: Buffer): PairResult {
  return isUtf8(line) ? comparePair(line.toString()) : { id: null, error: 'is not UTF-8' };
}
