import type { WireRecord } from './client-types.ts';
import { DeliveryUnknown } from './errors.ts';
import type { RecordMetadata } from './types.ts';

/** One record between its caller and the log: a promise for the caller, and one for what becomes of it in the end. */
export class PendingRecord {
  readonly topic: string;
  readonly wire: WireRecord;
  readonly size: number;
  /** Epoch milliseconds after which the caller is told that the outcome is not known. */
  readonly deadline: number;
  readonly promise: Promise<RecordMetadata>;
  readonly #caller = Promise.withResolvers<RecordMetadata>();
  readonly #outcome = Promise.withResolvers<RecordMetadata>();

  constructor(topic: string, wire: WireRecord, size: number, deadline: number) {
    this.topic = topic;
    this.wire = wire;
    this.size = size;
    this.deadline = deadline;
    this.promise = this.#caller.promise;
    // Whoever wants the outcome takes it from the error; nobody has to.
    this.#outcome.promise.catch(() => undefined);
  }

  resolve(metadata: RecordMetadata): void {
    this.#caller.resolve(metadata);
    this.#outcome.resolve(metadata);
  }

  reject(error: Error): void {
    this.#caller.reject(error);
    this.#outcome.reject(error);
  }

  /** Lets the caller go on without an answer; the outcome is still to come. */
  doubt(message: string): void {
    this.#caller.reject(new DeliveryUnknown(message, { outcome: this.#outcome.promise }));
  }
}
