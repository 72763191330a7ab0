/** Work that is due again and again, such as forgetting what is too old. */
import type { Logger } from 'pino';
import type { Stoppable } from './run-service.ts';

export interface PeriodicWork {
  /** What it does, for the log. */
  readonly name: string;
  readonly intervalMs: number;
  readonly logger: Logger;
  readonly work: () => Promise<unknown>;
}

/** Does the work now and every `intervalMs` until stopped; a failure is logged and the work done again next time. */
export function runEvery({ name, intervalMs, logger, work }: PeriodicWork): Stoppable {
  let running: Promise<void> | undefined;
  const run = () => {
    running ??= work()
      .then(
        () => undefined,
        (error: unknown) => logger.warn({ err: error, work: name }, 'periodic work failed'),
      )
      .finally(() => (running = undefined));
  };
  const timer = setInterval(run, intervalMs);
  run();
  return {
    name,
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
