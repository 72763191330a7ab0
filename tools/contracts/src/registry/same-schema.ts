/** What a registry does not look at when it compares schemas: Apicurio keeps the words and aliases of the first one. */
const NOT_COMPARED = ['doc', 'aliases'];

/**
 * Returns a text that is equal for schemas that a registry takes for the same: whatever their docs and aliases, the order of
 * their attributes and their spaces.
 */
export function schemaKey(schema: string): string {
  try {
    return JSON.stringify(comparable(JSON.parse(schema)));
  } catch {
    return schema;
  }
}

function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !NOT_COMPARED.includes(key))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      // A default is a value: what is called doc in it is a field.
      .map(([key, inner]) => [key, key === 'default' ? (inner as unknown) : comparable(inner)]),
  );
}
