/** Metrics as a service has them, read the way a scraper reads them. */
import { createMetrics } from '@eda/service';
import type { MetricsOptions } from '@eda/kafka';

const SCRAPE_EVERY_MS = 1000;

/** Returns a real meter that is scraped once a second; `close` ends that. */
export function observe(): Promise<MetricsOptions & { close(): Promise<void> }> {
  const metrics = createMetrics({ service: 'bench' });
  const scraping = setInterval(() => void metrics.scrape(), SCRAPE_EVERY_MS);
  return Promise.resolve({
    meter: metrics.meter,
    close: async () => {
      clearInterval(scraping);
      await metrics.close();
    },
  });
}
