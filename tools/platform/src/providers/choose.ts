/** Which provider is used: the given addresses, else a container engine that answers, else the embedded servers. */
import { PlatformError } from '../errors.ts';
import type { ProviderName } from '../state.ts';
import { containerEngineProblem, createContainerProvider } from './container.ts';
import { embedded } from './embedded.ts';
import { createGivenProvider, givenAddresses } from './given.ts';
import type { Provider } from './provider.ts';

export const PROVIDER_NAMES: readonly ProviderName[] = ['given', 'container', 'embedded'];

export interface ChoiceOptions {
  /** Takes this one or fails; from `--provider` or `PLATFORM_PROVIDER`. */
  readonly forced?: ProviderName;
  readonly env?: NodeJS.ProcessEnv;
  /** Resolves with the reason when no engine answers. */
  readonly engineProblem?: () => Promise<string | undefined>;
}

/** Returns the provider to use. Throws a `PlatformError` when a forced one is not possible, or the addresses are incomplete. */
export async function chooseProvider(options: ChoiceOptions = {}): Promise<Provider> {
  const { forced, env = process.env, engineProblem = containerEngineProblem } = options;
  if (forced === 'embedded') return embedded;
  if (forced !== 'container') {
    const addresses = givenAddresses(env);
    if (addresses) return createGivenProvider(addresses);
    if (forced === 'given') {
      throw new PlatformError(
        'Provider "given" needs KAFKA_BROKERS, SCHEMA_REGISTRY_URL and DATABASE_URL; none is set.',
      );
    }
  }
  const problem = await engineProblem();
  if (problem === undefined) return createContainerProvider();
  if (forced === 'container')
    throw new PlatformError(`Provider "container" needs a container engine: ${problem}`);
  return embedded;
}
