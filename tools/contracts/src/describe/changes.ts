import type { Json } from '../contract-model.ts';
import { isObject, textOf } from '../json.ts';
import { describeFields, fullNameOf } from './fields.ts';
import type { FieldDescription } from './fields.ts';

/** Returns what differs between two self-contained schemas of one event, a sentence each, for people. Empty when nothing does. */
export function describeChanges(before: Json, after: Json): string[] {
  const earlier = byPath(before);
  const later = byPath(after);
  const isNew = ({ path }: FieldDescription) => !earlier.has(path);
  const isGone = ({ path }: FieldDescription) => !later.has(path);
  return [
    ...(fullNameOf(before) === fullNameOf(after)
      ? []
      : [`The event is ${fullNameOf(after)} and was ${fullNameOf(before)}.`]),
    ...(docOf(before) === docOf(after) ? [] : ['The description of the event is another.']),
    ...[...later.values()]
      .filter(isNew)
      .map(
        (field) =>
          `${field.path} is new: ${field.type}${field.default === undefined ? '' : `, ${field.default} where it is missing`}.`,
      ),
    ...[...earlier.values()].filter(isGone).map(({ path, type }) => `${path} is gone; it was ${type}.`),
    ...[...later.values()].flatMap((field) => {
      const former = earlier.get(field.path);
      return former ? changesOf(former, field) : [];
    }),
  ];
}

function changesOf(before: FieldDescription, after: FieldDescription): string[] {
  const { path } = after;
  const added = (after.symbols ?? []).filter((symbol) => !before.symbols?.includes(symbol));
  const removed = (before.symbols ?? []).filter((symbol) => !after.symbols?.includes(symbol));
  return [
    ...(before.type === after.type ? [] : [`${path} is ${after.type} and was ${before.type}.`]),
    ...(before.type !== after.type || before.names.join() === after.names.join()
      ? []
      : [`${path} holds ${after.names.join(', ')} and held ${before.names.join(', ')}.`]),
    ...(added.length === 0 ? [] : [`${path} may also be ${added.join(', ')}.`]),
    ...(removed.length === 0 ? [] : [`${path} is never ${removed.join(', ')} any more.`]),
    ...(before.symbolDefault === after.symbolDefault
      ? []
      : [
          `${path} reads symbols that are not known as ${after.symbolDefault ?? 'an error'}, and did as ${before.symbolDefault ?? 'an error'}.`,
        ]),
    ...(before.default === after.default
      ? []
      : [
          after.default === undefined
            ? `${path} has no default any more; it was ${before.default ?? ''}.`
            : `${path} is ${after.default} where it is missing${before.default === undefined ? '' : `, and was ${before.default}`}.`,
        ]),
    ...(before.doc === after.doc ? [] : [`${path} is described in other words.`]),
  ];
}

function byPath(schema: Json): Map<string, FieldDescription> {
  return new Map(describeFields(schema).map((field) => [field.path, field]));
}

function docOf(schema: Json): string {
  return isObject(schema) ? textOf(schema['doc']) : '';
}
