import type { WireRecord } from './client-types.ts';
import { BufferExhausted, NotSent } from './errors.ts';
import type { LaneHost, LaneLimits } from './lane.ts';
import { Lane } from './lane.ts';
import { PendingRecord } from './pending-record.ts';
import type { RecordMetadata } from './types.ts';

export interface AccumulatorLimits extends LaneLimits {
  readonly bufferBytes: number;
  readonly bufferRecords: number;
  readonly deliveryTimeoutMs: number;
}

/**
 * Records on their way, in one queue per partition, within a bound on memory. The order of `add` is the order in the log per
 * partition; at most one batch per partition is in flight.
 */
export class Accumulator {
  readonly #limits: AccumulatorLimits;
  readonly #host: Omit<LaneHost, 'freed'>;
  readonly #lanes = new Map<string, Lane>();
  readonly #idleWaiters = new Set<() => void>();
  #bytes = 0;
  #records = 0;

  constructor(limits: AccumulatorLimits, host: Omit<LaneHost, 'freed'>) {
    this.#limits = limits;
    this.#host = host;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get records(): number {
    return this.#records;
  }

  /** Takes memory for a record, or throws `BufferExhausted`. */
  reserve(topic: string, record: WireRecord, size: number): PendingRecord {
    if (this.#bytes + size > this.#limits.bufferBytes || this.#records + 1 > this.#limits.bufferRecords) {
      throw new BufferExhausted(
        `the producer holds ${this.#records} records (${this.#bytes} bytes), its limit is ${this.#limits.bufferRecords} records (${this.#limits.bufferBytes} bytes)`,
      );
    }
    this.#bytes += size;
    this.#records += 1;
    return new PendingRecord(topic, record, size, Date.now() + this.#limits.deliveryTimeoutMs);
  }

  /** Gives back the memory of a record that will not be sent, and tells its caller. */
  refuse(record: PendingRecord, error: Error): void {
    record.reject(error);
    this.#free([record]);
  }

  /** Puts a reserved record at the end of its partition's queue. */
  add(record: PendingRecord, partition: number): Promise<RecordMetadata> {
    const name = `${record.topic}/${partition}`;
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = new Lane(record.topic, partition, this.#limits, {
        ...this.#host,
        freed: (records) => this.#free(records),
      });
      this.#lanes.set(name, lane);
    }
    lane.push(record);
    return record.promise;
  }

  /** Resolves when every reserved record is decided. */
  async idle(): Promise<void> {
    while (this.#records > 0) await new Promise<void>((resolve) => this.#idleWaiters.add(resolve));
  }

  /** Decides everything now: what was sent is `DeliveryUnknown`, what was not is `NotSent`. */
  abandon(reason: string): void {
    for (const lane of this.#lanes.values()) lane.abandon(new NotSent(reason));
  }

  #free(records: readonly PendingRecord[]): void {
    for (const { size } of records) this.#bytes -= size;
    this.#records -= records.length;
    if (this.#records > 0) return;
    for (const resolve of this.#idleWaiters) resolve();
    this.#idleWaiters.clear();
  }
}
