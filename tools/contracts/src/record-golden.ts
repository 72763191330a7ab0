import { avroType } from '@eda/contracts/avro';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { EventModel, Json } from './contract-model.ts';
import { exampleValue } from './check-example.ts';
import { loadContracts } from './load-contracts.ts';

/**
 * Records the example of each event as bytes, with the schema that wrote them, unless the newest recording has the
 * schema of today. What was recorded before is never touched: it stands for what is in topics.
 * Returns the files it wrote, from the root of the repository. Throws `ContractsInvalid` when the contracts are wrong.
 */
export function recordGolden(root: string): string[] {
  return loadContracts(root).events.flatMap((event) => recordEvent(root, event));
}

function recordEvent(root: string, { record, meta, schema }: EventModel): string[] {
  const folder = join('schemas/golden', dirname(record.file).slice('schemas/'.length));
  const versions = recordedVersions(join(root, folder), record.name);
  const newest = Math.max(0, ...versions);
  const name = (version: number, extension: string) => join(folder, `${record.name}@${version}.${extension}`);
  if (newest > 0 && isSameSchema(join(root, name(newest, 'avsc')), schema)) return [];

  const version = newest + 1;
  const parsed = JSON.parse(schema) as Json;
  const type = avroType(schema);
  const value = exampleValue(parsed, meta.example);
  const bytes = type.toBuffer(value);
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, name(version, 'avsc')), `${JSON.stringify(parsed, undefined, 2)}\n`);
  writeFileSync(join(root, name(version, 'bin')), bytes);
  writeFileSync(
    join(root, name(version, 'json')),
    `${JSON.stringify(type.fromBuffer(bytes), undefined, 2)}\n`,
  );
  return ['avsc', 'bin', 'json'].map((extension) => name(version, extension));
}

function recordedVersions(folder: string, name: string): number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.startsWith(`${name}@`) && file.endsWith('.avsc'))
    .map((file) => Number(basename(file, '.avsc').slice(name.length + 1)));
}

function isSameSchema(file: string, schema: string): boolean {
  return JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))) === schema;
}
