/** The command line cannot be followed; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What Argo CD deploys cannot be rendered or checked here; the message says what is missing or wrong, where, and what to do. */
export class GitopsError extends Error {
  override readonly name = 'GitopsError';
}
