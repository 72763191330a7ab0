import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { NOBODY_READS } from '../end-with-output.ts';
import { compareLine } from './compare-line.ts';
import type { PairResult } from './compare-line.ts';
import { linesOf, TOO_LONG } from './lines.ts';
import type { Line } from './lines.ts';

/** A line must fit into one text of Node, together with what is made of it. */
const MAX_LINE = 256 * 1024 * 1024;
/** Results are written together, one write each would take longer than the comparison; never more than this at a time. */
const BATCH = 64 * 1024;
const FAILED = 1;

export interface CompatStreams {
  readonly input: AsyncIterable<Buffer>;
  readonly output: Writable;
  readonly err: (text: string) => void;
}

function isBlank(line: Line): boolean {
  if (line === TOO_LONG) return false;
  return line.every((byte) => byte === 0x20 || byte === 0x09);
}

function resultOf(line: Line): PairResult {
  return line === TOO_LONG
    ? { id: null, error: `is longer than ${MAX_LINE / 1024 / 1024} MiB` }
    : compareLine(line);
}

async function compareAll(
  input: AsyncIterable<Buffer>,
  output: Writable,
  failed: AbortSignal,
): Promise<void> {
  let batch = '';
  const flush = async () => {
    failed.throwIfAborted();
    const takesMore = output.write(batch);
    batch = '';
    if (!takesMore) await once(output, 'drain', { signal: failed });
  };
  for await (const lines of linesOf(input, MAX_LINE)) {
    for (const line of lines) {
      if (isBlank(line)) continue;
      batch += `${JSON.stringify(resultOf(line))}\n`;
      if (batch.length >= BATCH) await flush();
    }
    // Whoever sends a line and waits for its verdict gets it now.
    if (batch !== '') await flush();
  }
}

/**
 * `contracts compat`: writes a verdict for each line of the input that is not blank, in order, no faster than the output
 * takes them. Returns the exit code: 0 when all was processed, whatever the verdicts.
 */
export async function runCompat({ input, output, err }: CompatStreams): Promise<number> {
  const failed = new AbortController();
  output.on('error', (error) => failed.abort(error));
  try {
    await compareAll(input, output, failed.signal);
    return 0;
  } catch (error) {
    const cause = (failed.signal.aborted ? failed.signal.reason : error) as NodeJS.ErrnoException;
    if (cause.code === 'EPIPE') return NOBODY_READS;
    if (cause.syscall === undefined) throw cause;
    err(`contracts compat: ${cause.message}\n`);
    return FAILED;
  }
}
