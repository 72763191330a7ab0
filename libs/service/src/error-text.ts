/**
 * Returns the message people can act on. Connection errors to several addresses (`localhost`) have an empty message of
 * their own: then it is those of the attempts.
 */
export function errorText(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return [...new Set(error.errors.map((inner) => errorText(inner)))].join('; ');
  }
  return error instanceof Error ? error.message || error.name : String(error);
}
