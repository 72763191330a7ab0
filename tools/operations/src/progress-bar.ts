/** One line on the terminal that fills. */

const WIDTH = 30;
const EVERY_MS = 100;

export interface ProgressBar {
  show(label: string, done: number, all: number): void;
  /** Takes the line away. */
  end(): void;
}

/** Returns the line, for example `putting back [##########          ] 33 % 50 of 150`. */
export function progressLine(label: string, done: number, all: number): string {
  const share = all === 0 ? 1 : Math.min(1, done / all);
  const filled = Math.round(share * WIDTH);
  const bar = '#'.repeat(filled).padEnd(WIDTH);
  return `${label} [${bar}] ${Math.floor(share * 100)} % ${done} of ${all}`;
}

/** A progress bar on standard error, while that is a terminal. */
export function createProgressBar(stream: NodeJS.WriteStream = process.stderr): ProgressBar {
  let shownAt = 0;
  const clear = () => stream.write('\r\u001b[K');
  if (!stream.isTTY) return { show: () => undefined, end: () => undefined };
  return {
    show(label, done, all) {
      if (done < all && Date.now() - shownAt < EVERY_MS) return;
      shownAt = Date.now();
      clear();
      stream.write(progressLine(label, done, all));
    },
    end: clear,
  };
}
