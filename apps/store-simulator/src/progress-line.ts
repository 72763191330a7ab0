/** One line on the terminal that says how the run is going. */
import type { RandomProgress } from './random.ts';

const INTERVAL_MS = 500;

/** Keeps the line up to date on standard error while that is a terminal; returns what ends it. */
export function startProgressLine(
  progress: RandomProgress,
  stream: NodeJS.WriteStream = process.stderr,
): () => void {
  if (!stream.isTTY) return () => undefined;
  const startedAt = performance.now();
  const show = () => stream.write(`\r\u001b[K${progressLine(progress, performance.now() - startedAt)}`);
  const timer = setInterval(show, INTERVAL_MS).unref();
  return () => {
    clearInterval(timer);
    show();
    stream.write('\n');
  };
}

/** Returns the line, for example `120 movements accepted, 2.0/s`, with what went wrong behind it. */
export function progressLine(
  { accepted, rejected, retries, trouble }: RandomProgress,
  elapsedMs: number,
): string {
  const rate = elapsedMs > 0 ? (accepted / elapsedMs) * 1000 : 0;
  return [
    `${accepted} movements accepted, ${rate.toFixed(1)}/s`,
    ...(rejected > 0 ? [`${rejected} refused`] : []),
    ...(retries > 0 ? [`${retries} retries`] : []),
    ...(trouble === undefined ? [] : [trouble]),
  ].join(', ');
}
