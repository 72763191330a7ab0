/** Returns a text that is equal for schemas that say the same, whatever the order of their attributes and their spaces. */
export function schemaKey(schema: string): string {
  try {
    return JSON.stringify(sorted(JSON.parse(schema)));
  } catch {
    return schema;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
