/** For tests of the accumulator: the part of a broker that decides about sequence numbers, and a client that is as forgetful as kafkajs. */
import type { ClientProducer, WireRecord } from './client-types.ts';
import { AppendError } from './client-types.ts';

/** What happens to one produce request. */
export type RequestFate = 'answered' | 'lost' | 'answer lost' | 'refused' | 'sequence' | 'missing topic';

interface ProducerState {
  next: number;
  /** The last batches, by which the broker recognises a repeat. */
  readonly recent: { first: number; last: number; base: bigint }[];
}

const REMEMBERED_BATCHES = 5;

export class FakeBroker {
  readonly logs = new Map<number, string[]>();
  readonly #producers = new Map<string, ProducerState>();
  readonly #fates: RequestFate[];
  readonly #maxBatchRecords: number;
  #producerIds = 0;
  /** Requests that the rule of one batch in flight forbids. */
  concurrentRequests = 0;

  constructor(fates: readonly RequestFate[], maxBatchRecords = Number.POSITIVE_INFINITY) {
    this.#fates = [...fates];
    this.#maxBatchRecords = maxBatchRecords;
  }

  /** A session that, as kafkajs does, takes a sequence number before the request and gives it back after a failure. */
  connect(): ClientProducer {
    const producerId = this.#producerIds++;
    const sequences = new Map<number, number>();
    const busy = new Set<number>();
    return {
      connect: () => Promise.resolve(),
      disconnect: () => Promise.resolve(),
      append: async (_topic, partition, records) => {
        if (busy.has(partition)) this.concurrentRequests += 1;
        busy.add(partition);
        const first = sequences.get(partition) ?? 0;
        try {
          await new Promise((resolve) => setImmediate(resolve));
          const base = this.#request(producerId, partition, first, records);
          sequences.set(partition, first + records.length);
          return base;
        } finally {
          busy.delete(partition);
        }
      },
    };
  }

  #request(producerId: number, partition: number, first: number, records: readonly WireRecord[]): bigint {
    const fate = this.#fates.shift() ?? 'answered';
    if (fate === 'lost') throw new AppendError('unknown', 'LOST', undefined);
    if (fate === 'refused') throw new AppendError('refused', 'TOPIC_AUTHORIZATION_FAILED', undefined);
    if (fate === 'missing topic')
      throw new AppendError('missing-topic', 'UNKNOWN_TOPIC_OR_PARTITION', undefined);
    if (fate === 'sequence') throw new AppendError('sequence', 'OUT_OF_ORDER_SEQUENCE_NUMBER', undefined);
    if (records.length > this.#maxBatchRecords)
      throw new AppendError('too-large', 'MESSAGE_TOO_LARGE', undefined);
    const base = this.#append(producerId, partition, first, records);
    if (fate === 'answer lost') throw new AppendError('unknown', 'ANSWER_LOST', undefined);
    return base;
  }

  #append(producerId: number, partition: number, first: number, records: readonly WireRecord[]): bigint {
    const name = `${producerId}/${partition}`;
    const state = this.#producers.get(name) ?? { next: 0, recent: [] };
    this.#producers.set(name, state);
    const last = first + records.length - 1;
    const repeat = state.recent.find((batch) => batch.first === first && batch.last === last);
    if (repeat !== undefined) return repeat.base;
    if (first !== state.next) throw new AppendError('sequence', 'OUT_OF_ORDER_SEQUENCE_NUMBER', undefined);
    const log = this.logs.get(partition) ?? [];
    this.logs.set(partition, log);
    const base = BigInt(log.length);
    log.push(...records.map(({ value }) => value?.toString() ?? ''));
    state.next = last + 1;
    state.recent.push({ first, last, base });
    if (state.recent.length > REMEMBERED_BATCHES) state.recent.shift();
    return base;
  }
}
