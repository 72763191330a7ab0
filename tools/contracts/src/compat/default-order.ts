import type { AvroField, AvroSchema, NamedSchema, RecordSchema } from './avro-schema.ts';
import { isValidDefault } from './default-value.ts';
import type { SchemaView } from './default-value.ts';
import { AvroRefused } from './avro-refused.ts';

/** Enough for any schema that a person writes; where it ends, defaults count as valid. */
const MAX_VISITS = 1_000_000;

/**
 * Looks a second time at the defaults of a schema with names that were used before they were defined, in the order in
 * which Java does (`SchemaResolver.ResolvingVisitor`): it copies the types, and checks a default when the copy of its
 * record gets its fields. A default that needs the fields of a record whose copy has none yet is refused, and which
 * copies are complete depends on this order alone. `named` has the type of each stand-in.
 */
export function checkDefaultsInOrder(
  top: AvroSchema,
  types: readonly NamedSchema[],
  named: ReadonlyMap<AvroSchema, NamedSchema>,
): void {
  const complete = new Set<RecordSchema>();
  const begun = new Set<AvroSchema>();
  let visits = 0;

  const view: SchemaView = {
    typeOf: (schema) => named.get(schema) ?? schema,
    known: new WeakMap(),
    fieldsOf: (record) => {
      if (complete.has(record)) return record.fields;
      throw new AvroRefused('', `a default holds a ${record.fullName}, which is not complete at that point`);
    },
  };
  const check = ({ name, schema, default: value }: AvroField, record: RecordSchema) => {
    if (value === undefined || isValidDefault(schema, value, view)) return;
    throw new AvroRefused('', `the default of field "${name}" of ${record.fullName} is not of its type`);
  };

  const visit = (start: AvroSchema): void => {
    const visited = new Set<AvroSchema>();
    const stack: (AvroSchema | { readonly after: RecordSchema })[] = [start];
    for (let next = stack.pop(); next; next = stack.pop()) {
      if ((visits += 1) > MAX_VISITS) return;
      if ('after' in next) {
        if (complete.has(next.after)) continue;
        for (const field of next.after.fields) check(field, next.after);
        complete.add(next.after);
        continue;
      }
      if (visited.has(next)) continue;
      const target = named.get(next);
      if (target) {
        visited.add(next);
        if (!begun.has(target)) visit(target);
        continue;
      }
      begun.add(next);
      if (next.type === 'array') stack.push(next.items);
      else if (next.type === 'map') stack.push(next.values);
      else if (next.type === 'union') stack.push(...next.branches);
      else if (next.type === 'record') {
        stack.push({ after: next });
        stack.push(...next.fields.map(({ schema }) => schema).reverse());
      } else continue;
      visited.add(next);
    }
  };

  for (const type of types) visit(type);
  visit(top);
}
