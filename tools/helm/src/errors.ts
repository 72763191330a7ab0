/** The command line cannot be followed; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A tool is not there and could not be got; the message says what was tried and the ways to get it. */
export class ToolMissing extends Error {
  override readonly name = 'ToolMissing';
}
