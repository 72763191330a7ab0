/** The two states cannot be compared; the message says why and what to do. */
export class CannotCheck extends Error {
  override readonly name = 'CannotCheck';
}
