import { createHash } from 'node:crypto';

/** Returns the SHA-256 of a text, for example of a schema as it is registered. */
export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
