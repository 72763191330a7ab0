/** The progress of a redrive as lines of JSON, for a page that shows it while it runs. */
import type { RedriveProgress, RedriveResult } from '@eda/kafka';
import { HttpProblem } from '@eda/service';
import { PassThrough, type Readable } from 'node:stream';
import type { RedriveLine } from './messages.ts';

/**
 * Resolves with the lines as soon as there is progress to tell; the last one says how it ended. Rejects when it fails before, so
 * that the answer can still be a problem.
 */
export async function redriveLines(
  start: (onProgress: (progress: RedriveProgress) => void) => Promise<RedriveResult>,
): Promise<Readable> {
  const lines = new PassThrough();
  const write = (line: RedriveLine) => lines.write(`${JSON.stringify(line)}\n`);
  const begun = Promise.withResolvers<undefined>();
  const work = start((progress) => {
    begun.resolve(undefined);
    const { phase, selected } = progress;
    write({ phase, selected, redriven: phase === 'reading' ? 0 : progress.redriven });
  });
  const ended = work.then(
    ({ redriven, selected, busyPartitions, interrupted }) => {
      lines.end(
        `${JSON.stringify({ phase: 'done', redriven, selected, busy: busyPartitions.length > 0, interrupted } satisfies RedriveLine)}\n`,
      );
    },
    (error: unknown) => {
      const detail = error instanceof HttpProblem ? error.message : 'The console could not go on.';
      lines.end(`${JSON.stringify({ phase: 'failed', detail } satisfies RedriveLine)}\n`);
    },
  );
  await Promise.race([begun.promise, work.then(() => ended)]);
  return lines;
}
