import type { WireRecord } from './client-types.ts';
import { DeliveryUnknown } from './errors.ts';
import type { RecordMetadata } from './types.ts';

/** What the records share of which none may be sent once one before it was refused. */
export interface Succession {
  /** Why the first of them was refused. */
  refusal?: unknown;
}

/** One record between its caller and the log: a promise for the caller and, once that was given up, one for what becomes of it. */
export class PendingRecord {
  readonly topic: string;
  readonly wire: WireRecord;
  /** When the caller is told that the outcome is not known, by `performance.now()`: somebody may set the clock meanwhile. */
  readonly deadline: number;
  readonly promise: Promise<RecordMetadata>;
  /** Absent when the record is sent whatever became of those before it. */
  readonly succession: Succession | undefined;
  #resolve!: (metadata: RecordMetadata) => void;
  #reject!: (error: Error) => void;

  constructor(topic: string, wire: WireRecord, deadline: number, succession?: Succession) {
    this.topic = topic;
    this.wire = wire;
    this.deadline = deadline;
    this.succession = succession;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get size(): number {
    return this.wire.size;
  }

  resolve(metadata: RecordMetadata): void {
    this.#resolve(metadata);
  }

  reject(error: Error): void {
    this.#reject(error);
  }

  /** Lets the caller go on without an answer; the outcome is still to come. */
  doubt(message: string): void {
    const tell = this.#reject;
    const { promise, resolve, reject } = Promise.withResolvers<RecordMetadata>();
    // Whoever wants the outcome takes it from the error; nobody has to.
    promise.catch(() => undefined);
    this.#resolve = resolve;
    this.#reject = reject;
    tell(new DeliveryUnknown(message, { outcome: promise }));
  }
}
