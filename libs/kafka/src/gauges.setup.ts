import type { BatchObservableCallback, Meter, ObservableCallback } from '@opentelemetry/api';
import { createNoopMeter } from '@opentelemetry/api';
import type { MetricsOptions } from './metrics.ts';

/** A meter whose gauges can be read by name: what is observed last, undefined when nothing is. */
export function readGauges(): MetricsOptions & { read(name: string): Promise<unknown> } {
  const alone = new Map<string, ObservableCallback>();
  const together = new Set<BatchObservableCallback>();
  const meter = Object.assign(Object.create(createNoopMeter()) as Meter, {
    createObservableGauge: (name: string) => ({
      name,
      addCallback: (callback: ObservableCallback) => alone.set(name, callback),
      removeCallback: () => alone.delete(name),
    }),
    addBatchObservableCallback: (callback: BatchObservableCallback) => together.add(callback),
    removeBatchObservableCallback: (callback: BatchObservableCallback) => together.delete(callback),
  });
  return {
    meter,
    async read(name) {
      let read: unknown;
      await alone.get(name)?.({ observe: (value) => (read = value) });
      for (const observe of together)
        await observe({
          observe: (gauge, value) => {
            if ((gauge as unknown as { name: string }).name === name) read = value;
          },
        });
      return read;
    },
  };
}
