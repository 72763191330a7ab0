import { LOGICAL_TYPES } from '@eda/contracts/avro';
import { isDeepStrictEqual } from 'node:util';
import { branchName, isNamed } from '../compat/avro-schema.ts';
import type { AvroSchema, EnumSchema, RecordSchema } from '../compat/avro-schema.ts';
import type { Json } from '../contract-model.ts';
import { PRIMITIVE_TYPES } from '../emit/namespace-module.ts';
import { isObject, textOf } from '../json.ts';
import type { Severity } from '../rules.ts';
import { findField } from './schema-path.ts';
import type { Step } from './schema-path.ts';

/** A difference that Avro does not mind. */
export interface Difference {
  readonly level: 'SOURCE' | 'SEMANTIC';
  readonly steps: readonly Step[];
  /** For example `scale`; see `SchemaLocator.locate`. */
  readonly attribute: string;
  readonly what: string;
  readonly why?: string;
  readonly fix?: string;
  readonly severity?: Severity;
}

/** Returns where values of two versions of a schema have another type in TypeScript, or mean something else. */
export function compareMeaning(before: AvroSchema, after: AvroSchema): Difference[] {
  const comparison = new Comparison();
  comparison.compare(before, after, []);
  return comparison.found;
}

/** Returns the types whose namespace differs between two versions of a schema, with the names before and after. */
export function movedTypes(before: AvroSchema, after: AvroSchema): { before: string; after: string }[] {
  const earlier = [...namedTypes(before).values()];
  return [...namedTypes(after).values()].flatMap((type) => {
    if (earlier.some(({ fullName }) => fullName === type.fullName)) return [];
    const moved = earlier.find(({ name }) => name === type.name);
    return moved ? [{ before: moved.fullName, after: type.fullName }] : [];
  });
}

class Comparison {
  readonly found: Difference[] = [];
  /** Pairs of records that were or are being compared: types may contain themselves. */
  readonly #seen = new Map<RecordSchema, Set<RecordSchema>>();

  compare(before: AvroSchema, after: AvroSchema, steps: readonly Step[]): void {
    const added = shapesOf(after).filter((shape) => !shapesOf(before).includes(shape));
    if (added.length > 0) {
      this.#add(
        'SOURCE',
        steps,
        'type',
        `is ${text(shapesOf(after))} in TypeScript and was ${text(shapesOf(before))}`,
      );
    }
    if (before.type === 'union' || after.type === 'union') {
      this.#compareBranches(before, after, steps);
      return;
    }
    this.#compareLogicalTypes(before, after, steps);
    if (before.type === 'array' && after.type === 'array')
      this.compare(before.items, after.items, [...steps, 'items']);
    else if (before.type === 'map' && after.type === 'map')
      this.compare(before.values, after.values, [...steps, 'values']);
    else if (before.type === 'enum' && after.type === 'enum') this.#compareEnums(before, after, steps);
    else if (before.type === 'record' && after.type === 'record') this.#compareRecords(before, after, steps);
  }

  #compareBranches(before: AvroSchema, after: AvroSchema, steps: readonly Step[]): void {
    const [earlier, later] = [branchesOf(before), branchesOf(after)];
    const isIn = (branches: readonly AvroSchema[], branch: AvroSchema) =>
      branches.some((other) => branchName(other) === branchName(branch));
    for (const [index, branch] of later.entries()) {
      const twin =
        earlier.find((other) => branchName(other) === branchName(branch)) ??
        earlier.find((other) => other.type === branch.type && isNamed(other) && !isIn(later, other));
      if (twin) this.#compareInside(twin, branch, after.type === 'union' ? [...steps, index] : steps);
    }
  }

  /** The shape of a union as a whole was compared already. */
  #compareInside(before: AvroSchema, after: AvroSchema, steps: readonly Step[]): void {
    const count = this.found.length;
    this.compare(before, after, steps);
    const own = this.found
      .slice(count)
      .findIndex(({ level, steps: of }) => level === 'SOURCE' && of === steps);
    if (own !== -1) this.found.splice(count + own, 1);
  }

  #compareLogicalTypes(before: AvroSchema, after: AvroSchema, steps: readonly Step[]): void {
    const [earlier, later] = [logicalOf(before), logicalOf(after)];
    if (earlier.name !== later.name) {
      const show = ({ name }: { name: string }) => (name === '' ? 'none' : `"${name}"`);
      const what = `the logical type is ${show(later)} and was ${show(earlier)}`;
      this.#add('SEMANTIC', steps, 'logicalType', what);
    } else if (earlier.scale !== later.scale) {
      const factor = 10 ** Math.abs(later.scale - earlier.scale);
      const what = `the scale is ${later.scale} and was ${earlier.scale}`;
      this.#add('SEMANTIC', steps, 'scale', what, {
        why: `The bytes hold digits without a point: older and newer readers see amounts that differ by the factor ${factor}.`,
      });
    }
  }

  #compareEnums(before: EnumSchema, after: EnumSchema, steps: readonly Step[]): void {
    const gone = before.symbols.filter((symbol) => !after.symbols.includes(symbol));
    if (gone.length > 0 && after.default !== undefined)
      this.#add('SEMANTIC', steps, 'symbols', `${after.name} has no symbol ${gone.join(', ')} any more`, {
        why: `Records that hold it are still in the topic and would be read as ${after.default}.`,
      });
    if (before.default !== after.default && before.default !== undefined)
      this.#add(
        'SEMANTIC',
        steps,
        'default',
        `the default of ${after.name} is ${after.default ?? 'none'} and was ${before.default}`,
        { why: 'It is what older readers see of a symbol they do not know.' },
      );
  }

  #compareRecords(before: RecordSchema, after: RecordSchema, steps: readonly Step[]): void {
    const known = this.#seen.get(before) ?? new Set();
    if (known.has(after)) return;
    this.#seen.set(before, known.add(after));
    const taken = new Set<string>();
    for (const field of after.fields) {
      const earlier =
        before.fieldsByName.get(field.name) ??
        field.aliases.map((alias) => before.fieldsByName.get(alias)).find((found) => found !== undefined);
      if (!earlier) continue;
      taken.add(earlier.name);
      const inner = [...steps, { field: field.name }];
      this.compare(earlier.schema, field.schema, inner);
      if (
        earlier.default !== undefined &&
        field.default !== undefined &&
        !isDeepStrictEqual(earlier.default, field.default)
      )
        this.#add(
          'SEMANTIC',
          inner,
          'default',
          `the default is ${show(field.default)} and was ${show(earlier.default)}`,
          { why: 'Records without the field are read as something else than before, by new readers only.' },
        );
    }
    for (const { name } of before.fields.filter(
      (field) => !taken.has(field.name) && !findField(after, field.name),
    ))
      this.#add('SOURCE', [...steps, { field: name }], '', 'is not written any more', {
        why: 'Avro minds nothing, it has a default; but whoever uses the field only sees that from now on.',
        fix: 'Make sure that no consumer uses the field.',
        severity: 'warning',
      });
  }

  #add(
    level: Difference['level'],
    steps: readonly Step[],
    attribute: string,
    what: string,
    more: Pick<Difference, 'why' | 'fix' | 'severity'> = {},
  ): void {
    this.found.push({ level, steps, attribute, what, ...more });
  }
}

function branchesOf(schema: AvroSchema): readonly AvroSchema[] {
  return schema.type === 'union' ? schema.branches : [schema];
}

/** The TypeScript types a value may have, as the generator writes them; what is inside is compared on its own. */
function shapesOf(schema: AvroSchema): string[] {
  const branches = branchesOf(schema);
  const records = branches.filter(({ type }) => type === 'record').length;
  return [
    ...new Set(
      branches.map((branch) => {
        const logical = LOGICAL_TYPES.get(logicalOf(branch).name);
        if (logical) return logical.tsType;
        switch (branch.type) {
          case 'record':
            // Which one it is matters where there is a choice.
            return records > 1 ? branch.name : 'an object';
          case 'array':
            return 'an array';
          case 'map':
            return 'a map';
          case 'enum':
            return 'string';
          case 'fixed':
            return 'Buffer';
          default:
            return PRIMITIVE_TYPES[branch.type] ?? branch.type;
        }
      }),
    ),
  ];
}

function text(shapes: readonly string[]): string {
  return [...shapes.filter((shape) => shape !== 'null'), ...shapes.filter((shape) => shape === 'null')].join(
    ' | ',
  );
}

/** Returns the logical type that stands on the schema, and its scale. */
export function logicalOf({ source }: AvroSchema): { name: string; scale: number } {
  if (!isObject(source)) return { name: '', scale: 0 };
  const { logicalType, scale } = source;
  return { name: textOf(logicalType), scale: typeof scale === 'number' ? scale : 0 };
}

function namedTypes(
  schema: AvroSchema,
  found = new Map<string, { name: string; fullName: string }>(),
): Map<string, { name: string; fullName: string }> {
  if (schema.type === 'array') namedTypes(schema.items, found);
  else if (schema.type === 'map') namedTypes(schema.values, found);
  else if (schema.type === 'union') for (const branch of schema.branches) namedTypes(branch, found);
  else if (isNamed(schema) && !found.has(schema.fullName)) {
    found.set(schema.fullName, schema);
    if (schema.type === 'record') for (const field of schema.fields) namedTypes(field.schema, found);
  }
  return found;
}

function show(value: Json): string {
  return JSON.stringify(value);
}
