import { avroType } from '@eda/contracts/avro';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exampleValue } from '../check-example.ts';
import type { EventModel, Json } from '../contract-model.ts';
import { frozenName, HISTORY, LOCK, newestVersions } from './lock.ts';
import type { History, LockEntry } from './lock.ts';
import { sha256Of } from '../sha256-of.ts';

/** A version that was frozen. */
export interface Release {
  readonly subject: string;
  readonly version: number;
  readonly file: string;
}

/**
 * Appends each of `events` to history and lock, unless its newest version has the schema already: the schema, and the example
 * as bytes that every later version has to be able to read. Returns what it wrote. `history` must be without problems.
 */
export function freeze(root: string, events: readonly EventModel[], history: History): Release[] {
  const newestOf = newestVersions(history.frozen);
  const added = events.flatMap((event) => {
    const name = frozenName(event);
    const newest = newestOf.get(name);
    if (newest?.schema === event.schema) return [];
    const version = (newest?.version ?? 0) + 1;
    const file = `${HISTORY}/${name}@${version}.avsc`;
    const entry: LockEntry = { subject: event.subject, version, sha256: sha256Of(event.schema), file };
    return [{ entry, schema: JSON.parse(event.schema) as Json, example: encodeExample(event) }];
  });
  if (added.length === 0) return [];
  for (const { entry, schema, example } of added) {
    const path = join(root, entry.file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(schema, undefined, 2)}\n`);
    writeFileSync(path.replace(/avsc$/, 'bin'), example.bytes);
    writeFileSync(path.replace(/avsc$/, 'json'), `${JSON.stringify(example.value, undefined, 2)}\n`);
  }
  const entries = added.map(({ entry }) => entry);
  const versions = [...(history.entries ?? []), ...entries];
  writeFileSync(join(root, LOCK), `${JSON.stringify({ versions }, undefined, 2)}\n`);
  return entries;
}

/** The example of an event as the codec writes it, and as it reads it again. */
function encodeExample({ schema, meta }: EventModel): {
  readonly bytes: Buffer;
  readonly value: unknown;
} {
  const type = avroType(schema);
  const bytes = type.toBuffer(exampleValue(JSON.parse(schema) as Json, meta.example));
  return { bytes, value: type.fromBuffer(bytes) };
}
