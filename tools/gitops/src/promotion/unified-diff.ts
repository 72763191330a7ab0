/** Two texts line by line, as `diff -u` shows them. */

const CONTEXT = 3;

export interface DiffLine {
  readonly sign: ' ' | '+' | '-' | '@';
  readonly text: string;
}

/** Returns the places where two texts differ, each with the lines around it; nothing when they are the same. */
export function unifiedDiff(before: string, after: string): DiffLine[] {
  const [one, other] = [linesOf(before), linesOf(after)];
  const steps = stepsBetween(one, other);
  const near = steps.map(() => false);
  for (const [at, { sign }] of steps.entries())
    if (sign !== ' ') near.fill(true, Math.max(0, at - CONTEXT), at + CONTEXT + 1);
  return steps.flatMap((step, at) => {
    if (near[at] !== true) return [];
    const isFirst = near[at - 1] !== true;
    return [...(isFirst ? [{ sign: '@', text: hunk(steps, near, at) } as const] : []), step];
  });
}

const linesOf = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

function hunk(steps: readonly DiffLine[], near: readonly boolean[], from: number): string {
  let to = from;
  while (near[to] === true) to++;
  const range = (other: '+' | '-') => {
    const count = (part: readonly DiffLine[]) => part.filter(({ sign }) => sign !== other).length;
    const [skipped, length] = [count(steps.slice(0, from)), count(steps.slice(from, to))];
    return `${length === 0 ? skipped : skipped + 1},${length}`;
  };
  return `@@ -${range('+')} +${range('-')} @@`;
}

/** The fewest lines removed and added; what is the same at both ends is not looked at twice. */
function stepsBetween(one: readonly string[], other: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start++;
  let end = 0;
  while (end < one.length - start && end < other.length - start && one.at(-1 - end) === other.at(-1 - end))
    end++;
  const same = (text: string): DiffLine => ({ sign: ' ', text });
  return [
    ...one.slice(0, start).map(same),
    ...longestCommon(one.slice(start, one.length - end), other.slice(start, other.length - end)),
    ...one.slice(one.length - end).map(same),
  ];
}

function longestCommon(one: readonly string[], other: readonly string[]): DiffLine[] {
  // lengths[i][j]: how much one[i...] and other[j...] have in common.
  const lengths = Array.from({ length: one.length + 1 }, () => new Uint32Array(other.length + 1));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = one.length - 1; i >= 0; i--) {
    const row = lengths[i];
    if (row === undefined) continue;
    for (let j = other.length - 1; j >= 0; j--)
      row[j] = one[i] === other[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const steps: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < one.length || j < other.length) {
    const [left, right] = [one[i], other[j]];
    if (left !== undefined && left === right) {
      steps.push({ sign: ' ', text: left });
      i++;
      j++;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      steps.push({ sign: '-', text: left });
      i++;
    } else {
      steps.push({ sign: '+', text: right ?? '' });
      j++;
    }
  }
  return steps;
}
