/** The command line cannot be followed; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The folder cannot be assembled from what stands in the workspace; the message says what, where and what to do. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}
