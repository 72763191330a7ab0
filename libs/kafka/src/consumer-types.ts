import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { KafkaClient } from './client-types.ts';
import type { Verdict } from './errors.ts';
import type { MetricsOptions } from './metrics.ts';
import type { OnOutOfRange, StartFrom } from './positions.ts';
import type { RetryPolicy, Subscription } from './subscription.ts';
import type { EventCodec, Producer } from './types.ts';

export interface ConsumerOptions {
  readonly client: KafkaClient;
  readonly codec: EventCodec;
  /** Logical; the client's prefix is put before it on the cluster. Also the name in the inbox. */
  readonly groupId: string;
  /** One per topic. */
  readonly subscriptions: readonly Subscription[];
  /** For inbox, fence and effect; needs a connection for each partition worked on at the same time, and one more for `park-key`. */
  readonly pool?: Pool;
  /**
   * `postgres` when absent. `none`: no inbox, no fence, no `context.tx`; handlers run at least once, and have to bear it. For effects
   * that may happen twice, or that another store keeps from it.
   */
  readonly store?: 'postgres' | 'none';
  /** For dead letters. */
  readonly producer: Producer;
  readonly logger: Logger;
  /**
   * Where the group begins in a topic in which it has no position, neither committed nor in the database: `earliest` when absent;
   * `latest` leaves out what was there when the first member joined, and needs a store; `stop` ends the consumer with `NO_POSITION`.
   * Partitions that a topic gets later are always read from their start.
   */
  readonly startFrom?: StartFrom;
  /**
   * When records were deleted before the group has handled them: `earliest`, when absent, goes on with the first that is there and says
   * so (log, `messaging.consumer.lost`, `health().warning`); `stop` ends the consumer with `OUT_OF_RANGE`.
   */
  readonly onOutOfRange?: OnOutOfRange;
  /** For subscriptions without a policy of their own. */
  readonly retry?: RetryPolicy;
  /** Asked before the default table; undefined leaves the decision to it. */
  readonly classify?: (error: unknown) => Verdict | undefined;
  readonly handlerTimeoutMs?: number;
  /** Partitions worked on at the same time. */
  readonly concurrency?: number;
  readonly sessionTimeoutMs?: number;
  readonly heartbeatIntervalMs?: number;
  readonly rebalanceTimeoutMs?: number;
  readonly maxBytesPerPartition?: number;
  /** How long a fetch waits for the first record; also how fast `stop` can be, in milliseconds. */
  readonly maxWaitMs?: number;
  /** Restarts of a crashed consumer; a broker that does not answer is waited for without limit. */
  readonly restartBudget?: { readonly maxRestarts: number; readonly windowMs: number };
  readonly metrics?: MetricsOptions;
  /** An effect was committed: the moment to wake a relay of the outbox that the handler appends to. Must not throw. */
  readonly onCommitted?: () => void;
  /** The consumer has ended and cannot come back. When absent the error is thrown where it ends the process. */
  readonly onCrash?: (error: Error) => void;
}

export interface ConsumerHealth {
  /** Whether records are being handled, or would be if there were any. */
  readonly ready: boolean;
  /** False only when the consumer has ended for good. */
  readonly live: boolean;
  readonly reason?: string;
  /** What needs a person: records were deleted before they were handled, or are parked for a topic nobody subscribes to any more. */
  readonly warning?: string;
}

export interface Consumer {
  /** Begins in the background: Kafka, topics and database may come later, `health` says what is missing. */
  start(): Promise<void>;
  /** Finishes the records at work, commits them, leaves the group. What is not done after `deadlineMs` is left uncommitted. */
  stop(deadlineMs?: number): Promise<void>;
  health(): ConsumerHealth;
}
