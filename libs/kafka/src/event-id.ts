import { randomUUID } from 'node:crypto';

/** The time, the version digit and the two dashes around them come from us. */
const RANDOM_FROM = 15;

/**
 * A new UUIDv7: unique, and in the order of time to the millisecond, which keeps indexes of ids compact. Its 74 random bits are
 * those of a UUIDv4, for which Node keeps a supply; asking for random bytes each time costs more than the rest of publishing.
 */
export function newEventId(now = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(RANDOM_FROM)}`;
}
