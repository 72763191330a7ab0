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
    const found = inside(object, same, '');
    if (found !== undefined) {
      const [path, left, right] = found;
      return { object: address, path, reason: `is ${left} by ${names[0]}, ${right} by ${names[1]}` };
    }
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

function inside(
  one: unknown,
  other: unknown,
  path: string,
): readonly [path: string, one: string, other: string] | undefined {
  if (isDeepStrictEqual(one, other)) return undefined;
  if (isFields(one) && isFields(other)) {
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
      const name = /^[\w-]+$/.test(key) ? `.${key}` : `["${key}"]`;
      const found = inside(one[key], other[key], `${path}${Array.isArray(one) ? `[${key}]` : name}`);
      if (found !== undefined) return found;
    }
  }
  return [path.replace(/^\./, ''), shown(one), shown(other)];
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
