/**
 * Server-sent events for many pages: numbered messages, replay after a short break, heartbeats, and no memory
 * spent on a page that does not read.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MessageName, Messages } from './messages.ts';

export interface EventStreamOptions {
  /** What a page gets that has nothing to resume from. */
  readonly snapshot: () => Messages['snapshot'];
  /** How many messages are kept for pages that come back; default 600. */
  readonly replayLimit?: number;
  /** A comment is sent this often so that proxies keep the connection open; default 15 s. */
  readonly heartbeatMs?: number;
  /** A page that has this much waiting for it is cut off; it comes back and gets a snapshot; default 4 MiB. */
  readonly maxBufferedBytes?: number;
  /** How long a page waits before it comes back, sent with every connection; default 1 s. */
  readonly retryMs?: number;
}

export interface EventStream {
  /** Sends one message to every page and keeps it for those that come back. */
  publish<N extends MessageName>(name: N, data: Messages[N]): void;
  /**
   * Answers a request with the stream: first what was missed since `lastEventId`, or a snapshot when that is
   * unknown (another process, too long ago), then everything as it happens.
   */
  attach(request: IncomingMessage, response: ServerResponse, lastEventId?: string): void;
  /** Returns what a page gets that has nothing to resume from. */
  snapshot(): Messages['snapshot'];
  /** How many pages are connected. */
  readonly size: number;
  /** Ends every connection and sends nothing more. */
  close(): void;
}

/** Returns a stream without connections. Ids are `<process>-<n>`, so an id of an earlier process is never resumed. */
export function createEventStream(options: EventStreamOptions): EventStream {
  const {
    snapshot,
    replayLimit = 600,
    heartbeatMs = 15_000,
    maxBufferedBytes = 4 << 20,
    retryMs = 1000,
  } = options;
  const run = randomUUID().slice(0, 8);
  const clients = new Set<ServerResponse>();
  let log: { readonly sequence: number; readonly text: string }[] = [];
  let sequence = 0;

  const write = (response: ServerResponse, text: string): void => {
    response.write(text);
    if (response.writableLength > maxBufferedBytes) {
      clients.delete(response);
      response.destroy();
    }
  };

  const missedSince = (lastEventId: string | undefined): string | undefined => {
    const [, of, number] = /^(\w+)-(\d+)$/.exec(lastEventId ?? '') ?? [];
    if (of !== run) return undefined;
    const last = Number(number);
    const oldest = log[0]?.sequence ?? sequence + 1;
    if (last > sequence || last < oldest - 1) return undefined;
    return log
      .filter((entry) => entry.sequence > last)
      .map((entry) => entry.text)
      .join('');
  };

  /** Taking a snapshot may publish what was waiting to be sent, so its id is told afterwards. */
  const snapshotMessage = (): string => {
    const data = snapshot();
    return message(`${run}-${sequence}`, 'snapshot', data);
  };

  const heartbeat = setInterval(() => clients.forEach((client) => write(client, ': alive\n\n')), heartbeatMs);
  heartbeat.unref();

  return {
    publish(name, data) {
      sequence += 1;
      const text = message(`${run}-${sequence}`, name, data);
      log.push({ sequence, text });
      // Cut in steps: shifting the array by one for every message would cost more than the message.
      if (log.length > replayLimit * 2) log = log.slice(-replayLimit);
      clients.forEach((client) => write(client, text));
    },

    attach(request, response, lastEventId) {
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        connection: 'keep-alive',
        'x-accel-buffering': 'no',
      });
      request.once('close', () => clients.delete(response));
      response.once('error', () => clients.delete(response));
      const first = missedSince(lastEventId) ?? snapshotMessage();
      clients.add(response);
      write(response, `retry: ${retryMs}\n\n${first}`);
    },

    snapshot,

    get size() {
      return clients.size;
    },

    close() {
      clearInterval(heartbeat);
      clients.forEach((client) => client.end());
      clients.clear();
    },
  };
}

function message(id: string, name: string, data: unknown): string {
  return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
