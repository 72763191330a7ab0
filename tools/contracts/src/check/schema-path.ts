import type { AvroField, AvroSchema, RecordSchema } from '../compat/avro-schema.ts';

/** A step into a schema: to a field of a record, to what a list or a map holds, or to a branch of a union. */
export type Step = { readonly field: string } | 'items' | 'values' | number;

/** Returns the fields that the steps lead through, outermost first. */
export function fieldNames(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => (typeof step === 'object' ? [step.field] : []));
}

/** Returns the steps as findings name a field, for example `fields.lines.fields.sku`; empty for the record itself. */
export function fieldLabel(steps: readonly Step[]): string {
  return fieldNames(steps)
    .map((name) => `fields.${name}`)
    .join('.');
}

/** Returns the field of the record with this name, or with an alias of this name. */
export function findField({ fields, fieldsByName }: RecordSchema, name: string): AvroField | undefined {
  return fieldsByName.get(name) ?? fields.find(({ aliases }) => aliases.includes(name));
}

/** True when the schema has the field that `names` lead to, through lists, maps and unions: when its reader looks at it. */
export function hasField(schema: AvroSchema, names: readonly string[]): boolean {
  const [name, ...rest] = names;
  if (name === undefined) return true;
  return recordsIn(schema).some((record) => {
    const field = findField(record, name);
    return field !== undefined && hasField(field.schema, rest);
  });
}

function recordsIn(schema: AvroSchema): RecordSchema[] {
  switch (schema.type) {
    case 'record':
      return [schema];
    case 'array':
      return recordsIn(schema.items);
    case 'map':
      return recordsIn(schema.values);
    case 'union':
      return schema.branches.flatMap(recordsIn);
    default:
      return [];
  }
}

/** Where an incompatibility is. */
export interface Spot {
  readonly steps: readonly Step[];
  /** The field that is meant, when the last step is one and the reader needs it. */
  readonly field?: string;
  /** The attribute of the type that is meant, for example `symbols`; empty for the type as a whole. */
  readonly attribute: string;
}

/**
 * Follows the JSON pointer of an incompatibility into the schema of the reader, as far as it leads. Numbers behind a union
 * count the branches of the writer, which the reader may not have: they end the way.
 */
export function followPointer(reader: AvroSchema, pointer: string): Spot {
  const tokens = pointer.split('/').filter(Boolean);
  const steps: Step[] = [];
  let schema = reader;
  for (let token = tokens.shift(); token !== undefined; token = tokens.shift()) {
    if (token === 'fields' && schema.type === 'record') {
      const field = schema.fields[Number(tokens.shift())];
      if (!field) break;
      steps.push({ field: field.name });
      if (tokens.shift() !== 'type') return { steps, field: field.name, attribute: '' };
      schema = field.schema;
    } else if (token === 'items' && schema.type === 'array') {
      steps.push('items');
      schema = schema.items;
    } else if (token === 'values' && schema.type === 'map') {
      steps.push('values');
      schema = schema.values;
    } else if (/^\d+$/.test(token)) {
      if (schema.type === 'union') break;
    } else {
      return { steps, attribute: token };
    }
  }
  return { steps, attribute: '' };
}

/** Returns the record that the last field of `steps` belongs to, in another version of the schema; undefined when it has none. */
export function recordAround(schema: AvroSchema, names: readonly string[]): RecordSchema | undefined {
  const [name, ...rest] = names;
  if (name === undefined) return undefined;
  for (const record of recordsIn(schema)) {
    if (rest.length === 0) return record;
    const field = findField(record, name);
    const inner = field && recordAround(field.schema, rest);
    if (inner) return inner;
  }
  return undefined;
}
