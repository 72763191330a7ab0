import { oneLine } from './finding.ts';
import type { Finding } from './finding.ts';
import type { Level } from './level.ts';
import type { Path, PathPart, Position } from './read/source-file.ts';
import type { RuleCode, Severity } from './rules.ts';

/** One mistake in a contract, as the check that found it tells it; its place in the file is looked up afterwards. */
export interface Problem {
  readonly code: RuleCode;
  /** Path of the file from the root of the repository. */
  readonly file: string;
  /** The field, for example `fields.quantity` or `partitions`; empty when the file as a whole is meant. */
  readonly field: string;
  /** What is wrong, without a full stop. */
  readonly what: string;
  /** A sentence; that of the rule when absent. */
  readonly why?: string | undefined;
  /** A sentence; that of the rule when absent. */
  readonly fix?: string | undefined;
  /** Where the field is in the document; taken from `field` when absent. */
  readonly path?: Path | undefined;
  /** Which part of the field is meant; the value when absent. */
  readonly part?: PathPart | undefined;
  /** The place, when the check knows it. */
  readonly position?: Position | undefined;
  /** That of the rule when absent. */
  readonly severity?: Severity | undefined;
  /** Of a change: what it breaks, and whom. */
  readonly level?: Level | undefined;
  readonly breaks?: readonly string[] | undefined;
  readonly steps?: readonly string[] | undefined;
}

/** The contracts are wrong; lists everything that was found, so that one run is enough to mend all of it. */
export class ContractsInvalid extends Error {
  override readonly name = 'ContractsInvalid';
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(findings.map(oneLine).join('\n'));
    this.findings = findings;
  }
}

/** Returns `Did you mean "x"?` with the closest of `known`, or undefined when none is close. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const closest = closestOf(word, known);
  return closest === undefined ? undefined : `Did you mean "${closest}"?`;
}

/** Returns the one of `known` that differs from `word` by a typing error or two, or is short for it, if there is one. */
export function closestOf(word: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  const [closest] = known
    // The distance is at least the difference in length, which is cheaper to see.
    .filter((candidate) => Math.abs(candidate.length - word.length) <= limit)
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance);
  return closest?.candidate ?? known.find((candidate) => isShortFor(candidate, word));
}

/** True for `int` and `integer`, `bool` and `boolean`. */
function isShortFor(a: string, b: string): boolean {
  const [short = '', long = ''] = [a.toLowerCase(), b.toLowerCase()].sort((x, y) => x.length - y.length);
  // Names with dots begin alike more often than not.
  return short.length >= 3 && long.startsWith(short) && !long.includes('.');
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 0; row < a.length; row += 1) {
    const current = [row + 1];
    for (let column = 0; column < b.length; column += 1) {
      const replace = (previous[column] ?? 0) + (a[row] === b[column] ? 0 : 1);
      current.push(Math.min(replace, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
