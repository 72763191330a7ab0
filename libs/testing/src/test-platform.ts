import { inject } from 'vitest';

/** Where the real parts answer that integration tests share. Keep apart by topic prefixes and databases of your own. */
export interface TestPlatform {
  /** `host:port` of each broker. */
  readonly kafka: { readonly brokers: readonly string[] };
  /** Base of the Confluent-compatible interface, version 7. The schemas of the contracts are registered. */
  readonly registry: { readonly url: string };
  /** Address with administrator rights; see `createTestDatabase`. */
  readonly database: { readonly url: string };
}

// Here and not in the set-up that provides it: whoever imports this file must know the type.
declare module 'vitest' {
  interface ProvidedContext {
    platform: TestPlatform;
  }
}

/** Returns the addresses of the platform of this test run; works only in integration tests (`x.integration.test.ts`). */
export function testPlatform(): TestPlatform {
  const platform = inject('platform') as TestPlatform | undefined;
  if (!platform)
    throw new Error('testPlatform() works in integration tests only: name the file x.integration.test.ts');
  return platform;
}
