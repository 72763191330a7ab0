/** A bad day that the user can end: `message` names what is wrong and the way out, and is all that is printed. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
}

/** Returns the text of whatever was thrown. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Returns the system's code of an error (`ENOENT`, `ENOSPC`, ...), if it has one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
