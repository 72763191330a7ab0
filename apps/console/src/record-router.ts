/** Takes every record the console reads to where it is shown. */
import type { EventCodec, EventContract, RawRecord } from '@eda/kafka';
import { describeDeadLetter } from '@eda/kafka';
import { itemStockChanged, storeStockChanged } from '@eda/contracts';
import type { AnyEventContract, ItemStockChanged, StoreStockChanged } from '@eda/contracts';
import { readable } from './bytes-preview.ts';
import type { ConsoleState } from './console-state.ts';
import { deadLetterView } from './dead-letter-view.ts';
import { decodeRecord } from './decode-record.ts';
import type { Decoded } from './decode-record.ts';
import { describeRecord } from './live-events.ts';

export interface RecordRouterOptions {
  readonly codec: EventCodec;
  readonly contracts: readonly AnyEventContract[];
  readonly state: ConsoleState;
  /** Whether records of this topic are news by now; until then they are what stood in the log before. */
  readonly isLive: (topic: string) => boolean;
}

/**
 * Returns what takes a record. Records of one topic stay in order, also when decoding has to wait for the schema
 * registry; a record that cannot be decoded is shown with the reason.
 */
export function createRecordRouter({
  codec,
  contracts,
  state,
  isLive,
}: RecordRouterOptions): (record: RawRecord) => void {
  const byTopic = new Map(contracts.map((contract) => [contract.topic, contract as EventContract<unknown>]));
  const queues = new Map<string, Promise<void>>();

  const show = (record: RawRecord, decoded: Decoded, live: boolean): void => {
    if (live) state.events.add(describeRecord(record, decoded));
    if (record.topic === storeStockChanged.topic) takeStore(record, decoded);
    if (record.topic === itemStockChanged.topic) takeItem(record, decoded);
  };
  const takeStore = (record: RawRecord, decoded: Decoded): void => {
    if (!(decoded instanceof Error)) {
      const changed = decoded.data as StoreStockChanged;
      state.stock.setStore(changed.storeId, changed);
    } else if (isTombstone(record)) state.stock.setStore(readable(record.key), null);
  };
  const takeItem = (record: RawRecord, decoded: Decoded): void => {
    if (!(decoded instanceof Error)) {
      const changed = decoded.data as ItemStockChanged;
      state.stock.setItem(changed.sku, changed);
    } else if (isTombstone(record)) state.stock.setItem(readable(record.key), null);
  };

  const takeDeadLetter = (record: RawRecord): void => {
    const described = describeDeadLetter(record);
    if (described.kind === 'redrive-run') return;
    if (described.kind === 'redriven') {
      const { deadLetterTopic: topic, partition, offset, redrivenAt } = described;
      state.deadLetters.markRedriven({
        topic,
        partition,
        offset: String(offset),
        redrivenAt: redrivenAt.getTime(),
      });
    } else {
      state.deadLetters.add(deadLetterView(record, described));
      if (isLive(record.topic)) state.events.count(record.topic);
    }
    state.deadLettersChanged();
  };

  return (record) => {
    const contract = byTopic.get(record.topic);
    if (!contract) {
      takeDeadLetter(record);
      return;
    }
    const live = isLive(record.topic);
    const before = queues.get(record.topic);
    const decoded = before
      ? before.then(() => decodeRecord(codec, contract, record))
      : decodeRecord(codec, contract, record);
    if (!(decoded instanceof Promise)) {
      show(record, decoded, live);
      return;
    }
    const shown = decoded.then((result) => {
      show(record, result, live);
      if (queues.get(record.topic) === shown) queues.delete(record.topic);
    });
    queues.set(record.topic, shown);
  };
}

function isTombstone(record: RawRecord): record is RawRecord & { readonly key: Buffer } {
  return record.value === null && record.key !== null;
}
