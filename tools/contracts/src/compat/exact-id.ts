/** What ES2026 adds to JSON, and Node has already. */
interface ExactJson {
  readonly rawJSON: (text: string) => unknown;
  readonly parse: (
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ) => unknown;
}

const json: ExactJson = JSON as never;

/**
 * Returns the `id` of the object that stands in `text` so that `JSON.stringify` writes the same value, with every digit of a
 * number that JavaScript would round; null when there is none. `id` is what `JSON.parse` made of it.
 * Throws `RangeError` for one that is nested too deeply to be written.
 */
export function exactId(text: string, id: unknown): unknown {
  if (id === undefined) return null;
  if (id === null || typeof id === 'string' || typeof id === 'boolean') return id;
  if (typeof id === 'number' && Number.isSafeInteger(id) && !Object.is(id, -0)) return id;
  // Reading it a second time is slow, so it is done for these alone.
  const { id: exact } = json.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? json.rawJSON(source) : value,
  ) as { readonly id: unknown };
  JSON.stringify(exact);
  return exact;
}
