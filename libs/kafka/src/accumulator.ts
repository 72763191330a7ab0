import type { WireRecord } from './client-types.ts';
import { BufferExhausted, NotSent } from './errors.ts';
import type { LaneHost, LaneLimits } from './lane.ts';
import { Lane } from './lane.ts';
import type { Succession } from './pending-record.ts';
import { PendingRecord } from './pending-record.ts';

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
  /** By topic, then by partition. */
  readonly #lanes = new Map<string, Map<number, Lane>>();
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
  reserve(topic: string, record: WireRecord, succession?: Succession): PendingRecord {
    const { bufferBytes, bufferRecords, deliveryTimeoutMs } = this.#limits;
    if (this.#bytes + record.size > bufferBytes || this.#records + 1 > bufferRecords) {
      throw new BufferExhausted(
        `the producer holds ${this.#records} records (${this.#bytes} bytes), its limit is ${bufferRecords} records (${bufferBytes} bytes)`,
      );
    }
    this.#bytes += record.size;
    this.#records += 1;
    return new PendingRecord(topic, record, performance.now() + deliveryTimeoutMs, succession);
  }

  /** Gives back the memory of a record that will not be sent, and tells its caller. */
  refuse(record: PendingRecord, error: Error): void {
    record.reject(error);
    this.#free([record]);
  }

  /** Puts a reserved record at the end of its partition's queue. */
  add(record: PendingRecord, partition: number): void {
    this.#lane(record.topic, partition).push(record);
  }

  #lane(topic: string, partition: number): Lane {
    let lanes = this.#lanes.get(topic);
    if (lanes === undefined) this.#lanes.set(topic, (lanes = new Map<number, Lane>()));
    let lane = lanes.get(partition);
    if (lane === undefined) {
      lane = new Lane(topic, partition, this.#limits, {
        ...this.#host,
        freed: (records) => {
          this.#free(records);
        },
      });
      lanes.set(partition, lane);
    }
    return lane;
  }

  /** Resolves when every reserved record is decided. */
  async idle(): Promise<void> {
    while (this.#records > 0) await new Promise<void>((resolve) => this.#idleWaiters.add(resolve));
  }

  /** Decides everything now: what was sent is `DeliveryUnknown`, what was not is `NotSent`. */
  abandon(reason: string): void {
    for (const lanes of this.#lanes.values())
      for (const lane of lanes.values()) lane.abandon(new NotSent(reason));
  }

  #free(records: readonly PendingRecord[]): void {
    for (const { size } of records) this.#bytes -= size;
    this.#records -= records.length;
    if (this.#records > 0) return;
    for (const resolve of this.#idleWaiters) resolve();
    this.#idleWaiters.clear();
  }
}
