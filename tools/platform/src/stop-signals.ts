/** The terminal and npm both pass on the same Ctrl-C. */
const SAME_SIGNAL_MS = 500;

export interface StopSignalHandlers {
  /** Ends in order. */
  readonly stop: () => void;
  /** Ends at once; the process exits afterwards with code 130. */
  readonly kill: () => void;
  /** Whether whoever signals us does so more than once and means the same. */
  readonly repeatsMeanTheSame?: boolean;
}

/** Calls `stop` at the first Ctrl-C (or SIGTERM, SIGHUP), and `kill` when the user asks again. */
export function onStopSignals({ stop, kill, repeatsMeanTheSame = false }: StopSignalHandlers): void {
  let signalledAt: number | undefined;
  const onSignal = () => {
    if (signalledAt === undefined) {
      signalledAt = performance.now();
      stop();
    } else if (!repeatsMeanTheSame && performance.now() - signalledAt >= SAME_SIGNAL_MS) {
      kill();
      process.exit(130);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}
