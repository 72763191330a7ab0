import { HandlerTimeout, TransientError } from './errors.ts';

/**
 * Runs `work` with a signal that is aborted after `timeoutMs` or with `abandon`, and then waits no longer: a promise that never
 * settles costs its transaction, not the partition.
 */
export async function withDeadline(
  timeoutMs: number,
  abandon: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const { promise: cut, reject } = Promise.withResolvers<never>();
  const end = (error: Error) => {
    controller.abort(error);
    reject(error);
  };
  const onAbandon = () => {
    end(new TransientError('the partition was taken away', { code: 'PARTITION_LOST' }));
  };
  const timer = setTimeout(() => {
    end(new HandlerTimeout(`the handler did not settle within ${timeoutMs} ms`));
  }, timeoutMs);
  abandon.addEventListener('abort', onAbandon, { once: true });
  if (abandon.aborted) onAbandon();
  try {
    await Promise.race([work(controller.signal), cut]);
  } finally {
    clearTimeout(timer);
    abandon.removeEventListener('abort', onAbandon);
  }
}
