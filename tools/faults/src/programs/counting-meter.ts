/** A meter that adds up its counters, for a program that tells its figures itself. */
import type { MetricsOptions } from '@eda/kafka';

export interface CountingMeter {
  readonly meter: MetricsOptions['meter'];
  /** Sum by counter, whatever the labels. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Returns a meter whose other instruments do nothing. */
export function createCountingMeter(): CountingMeter {
  const counts = new Map<string, number>();
  const nothing = () => undefined;
  const idle = { record: nothing, add: nothing, addCallback: nothing, removeCallback: nothing };
  const meter = {
    createCounter: (name: string) => ({
      add: (value: number) => counts.set(name, (counts.get(name) ?? 0) + value),
    }),
    createHistogram: () => idle,
    createGauge: () => idle,
    createUpDownCounter: () => idle,
    createObservableGauge: () => idle,
    createObservableCounter: () => idle,
    createObservableUpDownCounter: () => idle,
    addBatchObservableCallback: nothing,
    removeBatchObservableCallback: nothing,
  };
  return { meter, counts };
}
