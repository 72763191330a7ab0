import { lazyAvroType } from '@eda/contracts/avro';
import { AvroRefused } from './compat/avro-refused.ts';
import { defaultsTooLarge } from './compat/default-size.ts';
import { parseAvro } from './compat/parse-avro.ts';
import type { Json, NamedType } from './contract-model.ts';
import { inlineSchema } from './inline-schema.ts';
import { isObject } from './json.ts';
import type { JsonObject } from './json.ts';
import type { Problem } from './problems.ts';
import type { SchemaPlace, TypeCollector } from './type-collector.ts';

const WHY = 'A registry or a service refuses the whole schema because of it.';
const FIX = 'Correct it as the Avro specification says.';
const TOO_LARGE = {
  why: 'A default of a record holds those of all its fields: here they double, again and again, until no program can hold them.',
  fix: 'Make the fields that hold records nullable, with the default null.',
};

/** A type with every type it refers to written out, and what the codec makes of it. */
export interface CompiledType {
  readonly json: Json;
  readonly type: ReturnType<typeof lazyAvroType>;
}

/**
 * Has each type, those it refers to first, read by what reads it later: Avro as a registry has it (Java), then the library that
 * encodes and decodes every event. One that refers to a type with problems is left out. Returns the types that are files of
 * their own, by their full names; none when there are problems.
 */
export function checkAvro(
  types: readonly NamedType[],
  collector: TypeCollector,
  problems: Problem[],
): ReadonlyMap<string, CompiledType> {
  const compiled = new Map<string, CompiledType>();
  // What is in a type that can be read can be read, too.
  const areFine = types
    .filter(({ fullName }) => collector.places.get(fullName)?.path.length === 0)
    .every(({ fullName }) => {
      const found = compile(inlineSchema(fullName, collector.types));
      if ('type' in found) compiled.set(fullName, found);
      return 'type' in found;
    });
  if (areFine) return compiled;
  const failed = new Set<string>();
  for (const { fullName, file } of types) {
    if (collector.referencesOf(fullName).some(({ to }) => failed.has(to))) {
      failed.add(fullName);
      continue;
    }
    const found = compile(inlineSchema(fullName, collector.types));
    if ('type' in found) continue;
    const { json, location, ...problem } = found;
    const start = collector.places.get(fullName) ?? { file, field: '', path: [] };
    failed.add(fullName);
    problems.push({
      code: 'C001',
      why: WHY,
      fix: FIX,
      ...problem,
      ...placeInFile(json, location, start, collector.places),
    });
  }
  return new Map();
}

/** Why a schema cannot be used, and where in it. */
interface Refusal extends Pick<Problem, 'what' | 'why' | 'fix'> {
  readonly json: Json;
  readonly location: string;
}

function compile(json: Json): CompiledType | Refusal {
  try {
    const tooLarge = defaultsTooLarge(parseAvro(json));
    if (tooLarge !== undefined) return { json, location: '', what: tooLarge, ...TOO_LARGE };
    return { json, type: lazyAvroType(json) };
  } catch (error) {
    if (error instanceof AvroRefused) return { json, location: error.location, what: error.reason };
    return { json, location: '', what: `is not a valid schema: ${(error as Error).message}` };
  }
}

/** Turns a place in a schema with everything written out, which begins at `start`, into the one where a person wrote it. */
export function placeInFile(
  schema: Json,
  location: string,
  start: SchemaPlace,
  places: ReadonlyMap<string, SchemaPlace>,
): SchemaPlace {
  let place = start;
  let namespace = '';
  let value: Json | undefined = schema;
  const enter = (type: Json | undefined): void => {
    if (!isObject(type) || typeof type['name'] !== 'string' || !('type' in type)) return;
    if (typeof type['namespace'] === 'string') namespace = type['namespace'];
    place = places.get(`${namespace}.${type['name']}`) ?? place;
  };
  enter(value);
  const tokens = location.split('/').slice(1);
  for (const [index, token] of tokens.entries()) {
    const inList = Array.isArray(value);
    value = inList ? (value as readonly Json[])[Number(token)] : (value as JsonObject | undefined)?.[token];
    place = { ...place, path: [...place.path, inList ? Number(token) : token] };
    if (tokens[index - 1] !== 'fields') enter(value);
    else if (isObject(value)) place = { ...place, field: fieldIn(place.field, value, token) };
  }
  return place;
}

function fieldIn(record: string, field: JsonObject, index: string): string {
  const label = typeof field['name'] === 'string' ? field['name'] : index;
  return `${record === '' ? '' : `${record}.`}fields.${label}`;
}
