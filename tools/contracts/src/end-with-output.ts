/** What a shell reports for a program that ended because nobody read on. */
export const NOBODY_READS = 141;
const CANNOT_RUN = 2;

/**
 * Ends the process when what it writes can no longer be written: without a word when nobody reads on, as `| head` does,
 * otherwise with one line that says why.
 */
export function endWithOutput({ stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'>): void {
  stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // A command that looks after its output itself.
    if (stdout.listenerCount('error') > 1) return;
    if (code === 'EPIPE') process.exit(NOBODY_READS);
    stderr.write(`The output cannot be written: ${message}. Is there room where it goes?\n`);
    process.exit(CANNOT_RUN);
  });
  // There is nowhere left to say anything; the exit code stands.
  stderr.on('error', () => undefined);
}
