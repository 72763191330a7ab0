/** One mistake in a contract, with its place. */
export interface Problem {
  /** Path of the file from the root of the repository. */
  readonly file: string;
  /** The field, for example `fields.quantity.type` or `partitions`; empty when the file as a whole is meant. */
  readonly field: string;
  readonly message: string;
}

/** The contracts are wrong; lists everything that was found, so that one run is enough to mend all of it. */
export class ContractsInvalid extends Error {
  override readonly name = 'ContractsInvalid';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** Returns the problem as one line: `file: field: message`. */
export function formatProblem({ file, field, message }: Problem): string {
  return field === '' ? `${file}: ${message}` : `${file}: ${field}: ${message}`;
}

/** Returns `. Did you mean "x"?` with the closest of `known`, or nothing when none is close. */
export function didYouMean(word: string, known: readonly string[]): string {
  const [closest] = known
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(word.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return closest ? `. Did you mean "${closest.candidate}"?` : '';
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
