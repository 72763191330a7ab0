/** Keeps one stream of server-sent events open, whatever happens to the server or the network. */
import type { MessageName } from '../messages.ts';
import { receive, setConnection } from './store.ts';
import type { Happening } from './store.ts';

const NAMES: readonly MessageName[] = ['snapshot', 'events', 'stock', 'deadLetters', 'status', 'tick'];

/** The server says something every second; after this silence the connection is taken for dead. */
const SILENCE_MS = 10_000;
const LONGEST_WAIT_MS = 10_000;

/**
 * Opens the stream at `url` and feeds the store with it for as long as the page lives. The browser itself comes back
 * after a short break and says where it was; this takes over where the browser gives up: an answer that is not a
 * stream (a proxy without a server behind it) and a connection that died without saying so.
 */
export function stayConnected(url: string): void {
  let source: EventSource;
  let lastEventId = '';
  let waitMs = 500;
  let silence: ReturnType<typeof setTimeout> | undefined;

  const again = (): void => {
    clearTimeout(silence);
    source.close();
    setConnection('reconnecting');
    setTimeout(open, waitMs);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
  };
  const alive = (): void => {
    clearTimeout(silence);
    silence = setTimeout(again, SILENCE_MS);
    waitMs = 500;
  };

  const open = (): void => {
    source = new EventSource(
      lastEventId === '' ? url : `${url}?lastEventId=${encodeURIComponent(lastEventId)}`,
    );
    silence = setTimeout(again, SILENCE_MS);
    source.onopen = () => {
      alive();
      setConnection('open');
    };
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) again();
      else setConnection('reconnecting');
    };
    for (const name of NAMES) {
      source.addEventListener(name, (message: MessageEvent<string>) => {
        lastEventId = message.lastEventId;
        alive();
        receive({ name, data: JSON.parse(message.data) as unknown } as Exclude<
          Happening,
          { name: 'connection' }
        >);
      });
    }
  };
  open();
}
