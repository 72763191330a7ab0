/** What the suite says to people, without a stack. */

/** The command line cannot be understood; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The suite cannot go on; exit code 1. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
}
