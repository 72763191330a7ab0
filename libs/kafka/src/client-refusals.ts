import type { Socket } from 'node:net';
import { accessDenied } from './client-errors.ts';

/** What brokers said when they ended connections, for a client that forgets it. */
export interface Refusals {
  /** Listens to what becomes of a connection. */
  watch(socket: Socket): void;
  /** The last refusal after `since`, in milliseconds of `performance.now()`. */
  after(since: number): unknown;
}

/** With TLS 1.3 a broker refuses a client's certificate after the handshake: @platformatic/kafka then knows only that the connection ended. */
export function rememberRefusals(): Refusals {
  let last: { readonly error: unknown; readonly at: number } | undefined;
  return {
    watch(socket) {
      socket.on('error', (error) => {
        if (accessDenied(error, { action: 'describe' }) !== undefined)
          last = { error, at: performance.now() };
      });
    },
    after: (since) => (last !== undefined && last.at >= since ? last.error : undefined),
  };
}
