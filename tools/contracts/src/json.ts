import type { Json } from './contract-model.ts';

export type JsonObject = { readonly [key: string]: Json };

/** True for a JSON object (not an array, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the value when it is a text, otherwise an empty one. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Returns the attribute when it is a text. */
export function textAttribute(object: JsonObject, attribute: string): string | undefined {
  const value = object[attribute];
  return typeof value === 'string' ? value : undefined;
}
