/** The command line cannot be understood; the message says what and where. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
