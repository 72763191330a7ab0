/** What a start tells while it runs, and how it looks: a bar that is redrawn on a terminal, plain lines elsewhere. */

/** The steps of a start; several run at the same time. */
export type Phase = 'downloads' | 'Kafka' | 'registry' | 'PostgreSQL' | 'topics' | 'schemas';

export type ProgressEvent =
  /** A phase has ended well. */
  | { readonly kind: 'phase'; readonly phase: Phase; readonly ms: number }
  /** `total` is an estimate; `item` is the artifact in transfer. */
  | { readonly kind: 'download'; readonly bytes: number; readonly total: number; readonly item: string }
  | { readonly kind: 'note'; readonly text: string };

export type OnProgress = (event: ProgressEvent) => void;

/** Where progress is written; `process.stderr` is one. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const PLAIN_EVERY_MS = 2_000;
const BAR_WIDTH = 24;

/** Returns a listener that writes progress to `stream`. */
export function createProgressPrinter(stream: ProgressStream, now: () => number = Date.now): OnProgress {
  let barShown = false;
  let lastPlain = Number.NEGATIVE_INFINITY;
  const line = (text: string) => {
    stream.write(`${barShown ? '\r\x1b[K' : ''}${text}\n`);
    barShown = false;
  };
  return (event) => {
    switch (event.kind) {
      case 'phase':
        // Looking that all is there is not worth a line.
        if (event.phase === 'downloads' && event.ms < 1_000) return;
        line(`${event.phase.padEnd(10)}  ready after ${seconds(event.ms)}`);
        return;
      case 'note':
        line(event.text);
        return;
      case 'download': {
        const share = Math.min(1, event.bytes / event.total);
        const figures = `${megabytes(event.bytes)} of about ${megabytes(event.total)}`;
        if (stream.isTTY) {
          const filled = Math.round(share * BAR_WIDTH);
          const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}]`;
          stream.write(`\r\x1b[K${`${bar} ${figures}  ${event.item}`.slice(0, (stream.columns ?? 80) - 1)}`);
          barShown = true;
        } else if (now() - lastPlain >= PLAIN_EVERY_MS) {
          lastPlain = now();
          line(`downloads   ${figures}  ${event.item}`);
        }
      }
    }
  };
}

/** Returns milliseconds as seconds with one decimal, for example `3.4 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
