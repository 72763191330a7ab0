/** What the page knows, and how each message from the server changes it. Pure: no browser, no clock of its own. */
import type {
  DeadLetterPage,
  FeedStatus,
  ItemStock,
  LiveEvent,
  MessageName,
  Messages,
  PartHealth,
  StockChange,
  StockPage,
  StoreStock,
  Tick,
  Topology,
} from '../messages.ts';

export const KEPT_EVENTS = 500;
export const KEPT_TICKS = 300;
const KEPT_STORES = 500;
const KEPT_ITEMS = 500;

export type ConnectionState = 'connecting' | 'open' | 'reconnecting';

/** A change of one number in the stock table, so that the page can show it. */
export interface StockFlash {
  readonly delta: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface PageState {
  readonly connection: ConnectionState;
  /** Absent until the first snapshot. */
  readonly topology?: Topology;
  readonly feed: FeedStatus;
  readonly health: readonly PartHealth[];
  /** The newest last. */
  readonly events: readonly LiveEvent[];
  /** How many events arrived too fast to be shown. */
  readonly skipped: number;
  /** The most recently changed first. */
  readonly stores: readonly StoreStock[];
  readonly items: readonly ItemStock[];
  readonly totalStores: number;
  readonly totalItems: number;
  /** Recent changes by `flashKey`. */
  readonly flashes: ReadonlyMap<string, StockFlash>;
  readonly deadLetters: DeadLetterPage;
  readonly ticks: readonly Tick[];
}

export const initialState: PageState = {
  connection: 'connecting',
  feed: { state: 'connecting', detail: 'connecting to the console' },
  health: [],
  events: [],
  skipped: 0,
  stores: [],
  items: [],
  totalStores: 0,
  totalItems: 0,
  flashes: new Map(),
  deadLetters: { letters: [], waiting: 0, redriven: 0 },
  ticks: [],
};

/** Returns the state after a message; `now` is in milliseconds since 1970. A snapshot replaces everything. */
export function applyMessage<N extends MessageName>(
  state: PageState,
  name: N,
  data: Messages[N],
  now: number,
): PageState {
  const reduce = REDUCERS[name] as (state: PageState, data: Messages[N], now: number) => PageState;
  return reduce(state, data, now);
}

/** Returns the key of one cell of the stock table; without a store it is the total of the item. */
export function flashKey(sku: string, storeId = ''): string {
  return `${storeId}\n${sku}`;
}

const REDUCERS: { [N in MessageName]: (state: PageState, data: Messages[N], now: number) => PageState } = {
  snapshot: (state, { topology, feed, health, events, stock, deadLetters, ticks }) => ({
    connection: state.connection,
    topology,
    feed,
    health,
    events: events.slice(-KEPT_EVENTS),
    skipped: 0,
    ...stockOf(stock),
    flashes: new Map(),
    deadLetters,
    ticks: ticks.slice(-KEPT_TICKS),
  }),
  events: (state, { events, skipped }) => ({
    ...state,
    events: [...state.events, ...events].slice(-KEPT_EVENTS),
    skipped: state.skipped + skipped,
  }),
  stock: (state, change, now) => applyStock(state, change, now),
  deadLetters: (state, deadLetters) => ({ ...state, deadLetters }),
  status: (state, { feed, health }) => ({ ...state, feed, health }),
  tick: (state, tick) => ({ ...state, ticks: [...state.ticks, tick].slice(-KEPT_TICKS) }),
};

function stockOf(page: StockPage): Pick<PageState, 'stores' | 'items' | 'totalStores' | 'totalItems'> {
  return {
    stores: page.stores,
    items: page.items,
    totalStores: page.totalStores,
    totalItems: page.totalItems,
  };
}

function applyStock(state: PageState, change: StockChange, now: number): PageState {
  const flashes = new Map([...state.flashes].filter(([, flash]) => now - flash.at < 5000));
  const flash = (key: string, before: number | undefined, after: number): void => {
    if (before !== after) flashes.set(key, { delta: after - (before ?? 0), at: now });
  };
  const knownStores = new Map(state.stores.map((store) => [store.storeId, store.stock]));
  for (const { storeId, stock } of change.stores) {
    for (const [sku, count] of Object.entries(stock))
      flash(flashKey(sku, storeId), knownStores.get(storeId)?.[sku], count);
  }
  const knownItems = new Map(state.items.map((item) => [item.sku, item.stock]));
  for (const { sku, stock } of change.items) flash(flashKey(sku), knownItems.get(sku), stock);

  return {
    ...state,
    stores: newestFirst(
      state.stores,
      change.stores,
      change.removedStores,
      (store) => store.storeId,
      KEPT_STORES,
    ),
    items: newestFirst(state.items, change.items, change.removedItems, (item) => item.sku, KEPT_ITEMS),
    totalStores: change.totalStores,
    totalItems: change.totalItems,
    flashes,
  };
}

/** Moves what changed to the front; `changed` has the newest last. */
function newestFirst<T>(
  known: readonly T[],
  changed: readonly T[],
  removed: readonly string[],
  key: (value: T) => string,
  keep: number,
): T[] {
  const gone = new Set([...removed, ...changed.map(key)]);
  return [...changed.toReversed(), ...known.filter((value) => !gone.has(key(value)))].slice(0, keep);
}
