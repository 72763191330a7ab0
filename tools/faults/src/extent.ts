/** How much of a fault a run of so many events makes, and how long that takes. */
import type { Row } from './row.ts';

export interface RowScale {
  readonly events: number;
  readonly seed: number;
  /** Events per second, at most. */
  readonly rate: number;
  /** Budgets of time are multiplied by this: for machines that do much else meanwhile. */
  readonly slack: number;
}

export interface Extent {
  readonly events: number;
  /** Shorter when there are few events, so that a short run is short. */
  readonly sessionTimeoutMs: number;
  /** A count that grows with the number of events, within bounds. */
  readonly times: (perEvents: number, least: number, most: number) => number;
  /** A time that is `fullMs` for 100,000 events and more, and shorter for fewer. */
  readonly outageMs: (leastMs: number, fullMs: number) => number;
}

const FULL_EVENTS = 100_000;
/** Topic, database, programs, quiet, and reading the log. */
const AROUND_SECONDS = 12;

/** Returns the extent of faults for a run. */
export function extentOf({ events }: Pick<RowScale, 'events'>): Extent {
  const share = Math.min(1, events / FULL_EVENTS);
  return {
    events,
    sessionTimeoutMs: events >= FULL_EVENTS / 2 ? 30_000 : 6000,
    times: (perEvents, least, most) => Math.max(least, Math.min(most, Math.round(events / perEvents))),
    outageMs: (leastMs, fullMs) => Math.round(leastMs + (fullMs - leastMs) * share),
  };
}

/** Returns the rate at which the events of a row last as long as its faults do. */
export function rateOf(row: Row, scale: RowScale): number {
  const seconds = row.underLoadSeconds?.(extentOf(scale)) ?? 0;
  return Math.max(1, seconds > 0 ? Math.min(scale.rate, Math.round(scale.events / seconds)) : scale.rate);
}

/** Returns how long a row takes on a quiet machine, in seconds, about. */
export function estimateSeconds(row: Row, scale: RowScale): number {
  const besides = row.besidesSeconds?.(extentOf(scale)) ?? 0;
  return Math.round(scale.events / rateOf(row, scale) + besides + AROUND_SECONDS);
}

/** Returns the rows in the groups in which they run: those of a group at the same time, the groups one after the other. */
export function groupsOf(rows: readonly Row[]): Row[][] {
  const beside = rows.filter((row) => row.beside === true);
  const alone = rows.filter((row) => row.beside !== true).map((row) => [row]);
  return beside.length === 0 ? alone : [beside, ...alone];
}
