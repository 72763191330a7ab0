/**
 * What the server says to the page: the shapes of the HTTP API and of the server-sent events.
 * Types only, because the page's code and the server's code both read it.
 */

export type TopicKind = 'event' | 'state' | 'retry' | 'dead-letter';

export interface TopologyApp {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** `driver`: makes others work. `observer`: looks on, like this console. The others do the work. */
  readonly role: 'driver' | 'producer' | 'processor' | 'consumer' | 'observer';
  /** Names of the apps whose HTTP interface it uses. */
  readonly calls: readonly string[];
  /** The consumer group whose lag counts for this app; absent when it consumes nothing. */
  readonly group?: string;
}

export interface TopologyTopic {
  readonly name: string;
  readonly kind: TopicKind;
  readonly description: string;
  /** For dead letters: the consumer group that gave them up. */
  readonly group?: string;
}

/** One arrow of the drawing: `app` sends to `topic` or receives from it. */
export interface TopologyFlow {
  readonly app: string;
  readonly topic: string;
  readonly direction: 'sends' | 'receives';
  /** Whether the flow belongs to looking on and repairing rather than to the work itself. */
  readonly aside: boolean;
}

export interface Topology {
  readonly apps: readonly TopologyApp[];
  readonly topics: readonly TopologyTopic[];
  readonly flows: readonly TopologyFlow[];
}

/** A record that arrived while the console was watching, decoded if possible. */
export interface LiveEvent {
  /** `topic/partition/offset`: unique, and the same for everybody who looks. */
  readonly at: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** When the broker wrote it to the log, in milliseconds since 1970. */
  readonly time: number;
  readonly key: string | null;
  readonly bytes: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent when the record could not be decoded or has no value. */
  readonly event?: {
    readonly id: string;
    readonly type: string;
    readonly source: string;
    readonly time: number;
    readonly data: unknown;
    readonly correlationId?: string;
    readonly causationId?: string;
  };
  /** Why `event` is absent. */
  readonly problem?: string;
  readonly preview?: BytesPreview;
}

/** The start of some bytes, as text if they are text and as hexadecimal digits if they are not. */
export interface BytesPreview {
  readonly encoding: 'text' | 'hex';
  readonly text: string;
  readonly bytes: number;
  readonly truncated: boolean;
}

export interface StoreStock {
  readonly storeId: string;
  readonly stock: Readonly<Record<string, number>>;
  readonly asOf: number;
}

export interface ItemStock {
  readonly sku: string;
  readonly stock: number;
  readonly asOf: number;
}

/** Stores and items, the most recently changed first; the totals also count those that were left out. */
export interface StockPage {
  readonly stores: readonly StoreStock[];
  readonly items: readonly ItemStock[];
  readonly totalStores: number;
  readonly totalItems: number;
}

export interface StockChange {
  readonly stores: readonly StoreStock[];
  readonly items: readonly ItemStock[];
  readonly removedStores: readonly string[];
  readonly removedItems: readonly string[];
  readonly totalStores: number;
  readonly totalItems: number;
}

export interface DeadLetterView {
  /** `topic/partition/offset` of the dead letter itself. */
  readonly at: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly group: string;
  /** Where the record stood before it was given up. */
  readonly original: { readonly topic: string; readonly partition: number; readonly offset: string };
  readonly failedAt: number;
  readonly attempts: number;
  readonly code: string;
  readonly errorName: string;
  readonly message: string;
  readonly stack: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly preview: BytesPreview | null;
  /** When it was put back, in milliseconds since 1970; absent while it waits. */
  readonly redrivenAt?: number;
}

/** Dead letters, the newest first; the totals also count those that were left out. */
export interface DeadLetterPage {
  readonly letters: readonly DeadLetterView[];
  readonly waiting: number;
  readonly redriven: number;
}

/** One line of the answer to `POST /api/dead-letters/<topic>:redrive`; the last one is `done` or `failed`. */
export type RedriveLine =
  | { readonly phase: 'reading' | 'putting back'; readonly redriven: number; readonly selected: number }
  | {
      readonly phase: 'done';
      readonly redriven: number;
      readonly selected: number;
      /** Somebody else puts some of them back now. */
      readonly busy: boolean;
      readonly interrupted: boolean;
    }
  | { readonly phase: 'failed'; readonly detail: string };

export type HealthState = 'up' | 'degraded' | 'down' | 'unknown';

export interface PartHealth {
  readonly name: string;
  readonly state: HealthState;
  /** One sentence for people: what is wrong, or what was found. */
  readonly detail: string;
}

/** Whether the console itself sees the log. */
export interface FeedStatus {
  readonly state: 'connecting' | 'reading' | 'live';
  readonly detail: string;
}

/** One second of the system's life. */
export interface Tick {
  readonly time: number;
  /** Records that arrived in this second, by topic; silent topics are left out. */
  readonly counts: Readonly<Record<string, number>>;
  /** Records not yet handled, by consumer group; unknown groups are left out. */
  readonly lag: Readonly<Record<string, number>>;
}

/** All that a page needs to start from nothing. */
export interface Snapshot {
  readonly topology: Topology;
  readonly feed: FeedStatus;
  readonly health: readonly PartHealth[];
  readonly events: readonly LiveEvent[];
  readonly stock: StockPage;
  readonly deadLetters: DeadLetterPage;
  readonly ticks: readonly Tick[];
}

/** The server-sent events by name. */
export interface Messages {
  readonly snapshot: Snapshot;
  /** In order of arrival; `skipped` more arrived in the same moment and were left out. */
  readonly events: { readonly events: readonly LiveEvent[]; readonly skipped: number };
  readonly stock: StockChange;
  readonly deadLetters: DeadLetterPage;
  readonly status: { readonly feed: FeedStatus; readonly health: readonly PartHealth[] };
  readonly tick: Tick;
}

export type MessageName = keyof Messages;
