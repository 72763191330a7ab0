/** Where two renders of the same chart begin to differ. */
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from './kube-object.ts';

/** A place where two renders differ. */
export interface Difference {
  readonly object: string;
  readonly path?: string;
  readonly reason: string;
}

/**
 * Returns the first difference between the objects of two renders, undefined when they are the same whatever their order. `names` say
 * which render is which.
 */
export function firstDifference(
  one: readonly KubeObject[],
  other: readonly KubeObject[],
  names: readonly [string, string],
): Difference | undefined {
  const [ones, others] = [byAddress(one), byAddress(other)];
  for (const [address, object] of ones) {
    const same = others.get(address);
    if (same === undefined)
      return { object: address, reason: `${names[0]} renders it, ${names[1]} does not` };
    for (const { path, one, other } of inside(object, same, ''))
      return {
        object: address,
        path,
        reason: `is ${shown(one)} by ${names[0]}, ${shown(other)} by ${names[1]}`,
      };
  }
  const more = [...others.keys()].find((address) => !ones.has(address));
  return more === undefined
    ? undefined
    : { object: more, reason: `${names[1]} renders it, ${names[0]} does not` };
}

/** Returns the first line in which two texts differ, undefined when they are the same to the byte. */
export function firstDifferentLine(
  one: string,
  other: string,
): { readonly line: number; readonly texts: readonly [string, string] } | undefined {
  if (one === other) return undefined;
  const [ones, others] = [one.split('\n'), other.split('\n')];
  const index = ones.findIndex((text, at) => text !== others[at]);
  const at = index === -1 ? ones.length : index;
  return { line: at + 1, texts: [(ones[at] ?? '').trim(), (others[at] ?? '').trim()] };
}

function byAddress(objects: readonly KubeObject[]): Map<string, KubeObject> {
  const found = new Map<string, KubeObject>();
  for (const object of objects) {
    const { kind, metadata } = object;
    const address = `${kind}/${metadata.name}`;
    // Of another group or namespace.
    const key = found.has(address)
      ? `${address} (${object.apiVersion}, ${metadata.namespace ?? ''})`
      : address;
    found.set(key, object);
  }
  return found;
}

/** A field that two values have otherwise, or that one of them lacks. */
export interface FieldDifference {
  /** `spec.template.spec.containers[app].image`: elements of a list by their names where all have one. */
  readonly path: string;
  readonly one: unknown;
  readonly other: unknown;
}

/** Returns the fields in which two values differ, as deep as it goes, in the order in which they stand. */
export function differencesIn(one: unknown, other: unknown): FieldDifference[] {
  return [...inside(one, other, '')];
}

function* inside(one: unknown, other: unknown, path: string): Generator<FieldDifference> {
  if (isDeepStrictEqual(one, other)) return;
  if (!isFields(one) || !isFields(other) || Array.isArray(one) !== Array.isArray(other)) {
    yield { path: path.replace(/^\./, ''), one, other };
    return;
  }
  const [ones, others] = byName(one, other) ?? [one, other];
  const isList = Array.isArray(one);
  for (const key of new Set([...Object.keys(ones), ...Object.keys(others)])) {
    const name = /^[\w-]+$/.test(key) ? `.${key}` : `["${key}"]`;
    yield* inside(ones[key], others[key], `${path}${isList ? `[${key}]` : name}`);
  }
  // The same elements in another order.
  if (ones !== one && isDeepStrictEqual(ones, others)) yield { path: path.replace(/^\./, ''), one, other };
}

type Fields = Readonly<Record<string, unknown>>;

/** Lists of which each element has a name of its own, by the names: one element more is one difference. */
function byName(one: unknown, other: unknown): [Fields, Fields] | undefined {
  for (const key of ['name', 'alert']) {
    const [ones, others] = [one, other].map((list) => named(list, key));
    if (ones !== undefined && others !== undefined) return [ones, others];
  }
  return undefined;
}

function named(list: unknown, key: string): Fields | undefined {
  if (!Array.isArray(list)) return undefined;
  const elements: readonly unknown[] = list;
  const names = elements.map((element) => (isFields(element) ? element[key] : undefined));
  const isNamed = names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
  return isNamed
    ? (Object.fromEntries(elements.map((element, at) => [names[at], element])) as Fields)
    : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
