let installed = false;

/**
 * Silences Node's `TimeoutNegativeWarning` where kafkajs 2.2.4 causes it (tulios/kafkajs#1751: a timer with a negative
 * delay after each response; harmless, it runs at once). All other warnings, and this one from other code, are passed on.
 * Goes when kafkajs does.
 */
export function silenceNegativeTimeoutOfKafkajs(): void {
  if (installed) return;
  installed = true;
  const emitWarning = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (...args: unknown[]) => {
    if (args[1] === 'TimeoutNegativeWarning' && (new Error().stack ?? '').includes('kafkajs')) return;
    emitWarning(...args);
  };
}
