/** Pairs of schemas with the verdicts of Avro Java 1.12.1 and avsc 5.7.9, for tests: no JVM is needed to know them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Json } from '../contract-model.ts';
import type { IncompatibilityType } from './incompatibility.ts';

const FOLDER = join(import.meta.dirname, '../../fixture/avro-compat');

export interface JavaVerdict {
  readonly compatible: boolean;
  /** In Java's order, with its repetitions. */
  readonly incompatibilities: readonly { readonly type: IncompatibilityType; readonly location: string }[];
}

export interface FixturePair {
  readonly id: string;
  readonly writer: Json;
  readonly reader: Json;
  /** Java may refuse a schema, or give no verdict because a field of the reader takes several of the writer. */
  readonly java: JavaVerdict | { readonly refused: 'writer' | 'reader' } | { readonly ambiguous: true };
  /** What `createResolver` does; `reading`, what reading with the resolver throws. Only where Java gives a verdict. */
  readonly avsc?: { readonly ok: boolean; readonly error?: string | null; readonly reading?: string };
}

/** Returns the text of a fixture, one pair a line: `pairs` are ordinary schemas, `strange` ones are not. */
export function fixtureText(name: 'pairs' | 'strange'): string {
  return gunzipSync(readFileSync(join(FOLDER, `${name}.jsonl.gz`))).toString();
}

/** Returns the pairs of a fixture. */
export function fixturePairs(name: 'pairs' | 'strange'): FixturePair[] {
  return fixtureText(name)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as FixturePair);
}
