/** From figures to places in a drawing. */

export interface Scale {
  /** Where `value` is drawn. */
  readonly at: (value: number) => number;
  /** Values at which a line with a label helps. */
  readonly ticks: readonly number[];
}

const STEPS = [1, 2, 5, 10];

/** Even steps from 0 to at least `most`, drawn from `from` to `to`. */
export function linearScale(most: number, from: number, to: number, count = 5): Scale {
  const rough = (most > 0 ? most : 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((factor) => factor * power >= rough * 0.999_999) ?? 10) * power;
  const steps = Math.max(1, Math.ceil(most / step - 1e-9));
  const ticks = Array.from({ length: steps + 1 }, (_, index) => Number((index * step).toPrecision(12)));
  const end = ticks.at(-1) ?? 1;
  return { ticks, at: (value) => from + ((to - from) * value) / end };
}

/** Equal factors are equal distances, from the smallest of `values` to the largest; a tick at each value. */
export function logScale(values: readonly number[], from: number, to: number): Scale {
  const ticks = [...new Set(values)].toSorted((a, b) => a - b);
  const low = Math.log(ticks[0] ?? 1);
  const span = Math.log(ticks.at(-1) ?? 1) - low;
  return {
    ticks,
    at: (value) => (span === 0 ? (from + to) / 2 : from + ((to - from) * (Math.log(value) - low)) / span),
  };
}
