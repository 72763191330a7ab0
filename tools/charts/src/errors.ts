/** The command line cannot be followed; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The charts cannot be checked here; the message says what is missing or wrong, where, and what to do. */
export class ChartError extends Error {
  override readonly name = 'ChartError';
}

/** Returns the text of whatever was thrown. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Returns the system's code of an error (`ENOENT`, `EACCES`, ...), if it has one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
