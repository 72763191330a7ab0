import type { ObservableResult } from '@opentelemetry/api';
import type { MetricsOptions } from './metrics.ts';
import { meterOf } from './metrics.ts';

export interface CredentialsMetrics {
  /** A changed set was taken, or refused for what is wrong with it. */
  reloaded(outcome: 'taken' | 'refused'): void;
  /** Stops observing. */
  close(): void;
}

/** What operators alert on: a set that cannot be used, and how long the certificates are good for. */
export function createCredentialsMetrics(
  metrics: MetricsOptions | undefined,
  state: () => { readonly expiresAt: Date | undefined; readonly current: boolean },
): CredentialsMetrics {
  const meter = meterOf(metrics);
  const reloads = meter.createCounter('messaging.client.credentials.reloads', {
    description: 'Changes of the mounted credentials, by outcome',
    unit: '{reload}',
  });
  const stale = meter.createObservableGauge('messaging.client.credentials.stale', {
    description: '1 while the mounted credentials cannot be used and older ones are in use',
    unit: '1',
  });
  const expiry = meter.createObservableGauge('messaging.client.credentials.time_to_expiry', {
    description: 'Until the first certificate in use is no longer valid',
    unit: 's',
  });
  const observeStale = (result: ObservableResult) => {
    result.observe(state().current ? 0 : 1);
  };
  const observeExpiry = (result: ObservableResult) => {
    const { expiresAt } = state();
    if (expiresAt !== undefined) result.observe((expiresAt.getTime() - Date.now()) / 1000);
  };
  stale.addCallback(observeStale);
  expiry.addCallback(observeExpiry);
  return {
    reloaded: (outcome) => {
      reloads.add(1, { outcome });
    },
    close() {
      stale.removeCallback(observeStale);
      expiry.removeCallback(observeExpiry);
    },
  };
}
