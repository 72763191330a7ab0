import { median } from '../statistics.ts';

/** Long enough for the clock, short enough for rounds to alternate within the noise of a machine. */
const SLICE_MS = 30;

/** Something that is timed; one that returns a promise is awaited. */
export type Work = () => unknown;

/**
 * Returns what one call of each takes, in nanoseconds: the median of the rounds, which the subjects run in turn. The first rounds
 * warm up and do not count.
 */
export async function measure<Name extends string>(
  subjects: Readonly<Record<Name, Work>>,
  rounds: number,
): Promise<Record<Name, number>> {
  const names = Object.keys(subjects) as Name[];
  const taken = new Map<Name, number[]>(names.map((name) => [name, []]));
  const warmUp = Math.ceil(rounds / 4);
  for (let round = -warmUp; round < rounds; round += 1)
    for (const name of names) {
      const nanos = await timed(subjects[name]);
      if (round >= 0) taken.get(name)?.push(nanos);
    }
  return Object.fromEntries(names.map((name) => [name, median(taken.get(name) ?? [])])) as Record<
    Name,
    number
  >;
}

async function timed(work: Work): Promise<number> {
  const isAsync = work() instanceof Promise;
  const begun = process.hrtime.bigint();
  const until = begun + BigInt(SLICE_MS) * 1_000_000n;
  let calls = 0;
  let now = begun;
  while (now < until) {
    // The clock costs as much as a short call.
    for (let index = 0; index < 50; index += 1)
      if (isAsync) await work();
      else work();
    calls += 50;
    now = process.hrtime.bigint();
  }
  return Number(now - begun) / calls;
}
