/** What the trial says to people, without a stack. */

/** The command line cannot be understood; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The trial cannot go on; exit code 1. */
export class TrialError extends Error {
  override readonly name = 'TrialError';
}
