/** Holds the state of the page and tells its elements when it changes. */
import type { MessageName, Messages } from '../messages.ts';
import { applyMessage, initialState } from './state.ts';
import type { ConnectionState, PageState } from './state.ts';

/** What happened: a message of the server, or a change of the connection. */
export type Happening =
  | { readonly [N in MessageName]: { readonly name: N; readonly data: Messages[N] } }[MessageName]
  | { readonly name: 'connection' };

type Listener = (happening: Happening) => void;

const listeners = new Set<Listener>();
let state: PageState = initialState;

/** Returns the state as of now; it is never changed in place. */
export function currentState(): PageState {
  return state;
}

/** Calls `listener` after every change; returns how to stop that. */
export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Applies a message of the server. */
export function receive(happening: Exclude<Happening, { name: 'connection' }>): void {
  state = applyMessage(state, happening.name, happening.data, Date.now());
  tell(happening);
}

/** Notes that the connection to the server is in another state now. */
export function setConnection(connection: ConnectionState): void {
  if (state.connection === connection) return;
  state = { ...state, connection };
  tell({ name: 'connection' });
}

function tell(happening: Happening): void {
  listeners.forEach((listener) => listener(happening));
}
