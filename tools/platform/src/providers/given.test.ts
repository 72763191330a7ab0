import { describe, expect, it } from 'vitest';
import { createGivenProvider } from './given.ts';
import type { ProviderContext } from './provider.ts';

describe('Given addresses', () => {
  it('that do not answer are all named, each with its variable and reason', async () => {
    const provider = createGivenProvider({
      kafka: { brokers: ['127.0.0.1:1'] },
      registry: { url: 'http://127.0.0.1:2/apis/ccompat/v7' },
      database: { url: 'postgresql://127.0.0.1:3/postgres' },
    });
    const failure = provider.start({} as ProviderContext);
    await expect(failure).rejects.toThrow('Kafka at 127.0.0.1:1 (KAFKA_BROKERS) does not answer.');
    await expect(failure).rejects.toThrow(
      /The registry at .* \(SCHEMA_REGISTRY_URL\) does not answer: .*ECONNREFUSED/,
    );
    await expect(failure).rejects.toThrow(/PostgreSQL \(DATABASE_URL\) does not answer: .*ECONNREFUSED/);
  });
});
