/** The command line cannot be followed; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something that is needed is missing or does not do its work; the message says what, where and what to do. */
export class MonitoringError extends Error {
  override readonly name = 'MonitoringError';
}
