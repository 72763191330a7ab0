import type { Json, NamedType } from './contract-model.ts';
import { isObject } from './json.ts';

/** A field of a record, its type with full names. */
export interface RecordField {
  readonly name: string;
  readonly type: Json;
}

/** Returns the fields of a record; entries that are no fields, which are told as problems of the schema, are left out. */
export function fieldsOf({ definition }: NamedType): RecordField[] {
  const entries = Array.isArray(definition['fields']) ? (definition['fields'] as readonly Json[]) : [];
  return entries.flatMap((entry) =>
    isObject(entry) && typeof entry['name'] === 'string'
      ? [{ name: entry['name'], type: entry['type'] ?? null }]
      : [],
  );
}
