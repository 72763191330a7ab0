/** The schemas of the contracts, published on the platform's registry. Services never register; this is the local place that does. */
import { applySubjects, registryAddress, RegistryClient, RegistryProblem } from '@eda/contracts-cli/registry';
import type { WantedSubject } from '@eda/contracts-cli/registry';
import { PlatformError } from './errors.ts';

/** A registry that has just started answers its first writes slowly. */
const TIMEOUT_MS = 30_000;

/**
 * Publishes `schemas` with their compatibility levels as `contracts apply` does, and returns the subjects that had to change.
 * `registryUrl` is the base of the Confluent-compatible interface. Throws a `PlatformError` when the registry refuses one, and
 * publishes none then.
 */
export async function provisionSchemas(
  registryUrl: string,
  schemas: readonly WantedSubject[],
): Promise<string[]> {
  try {
    const client = new RegistryClient({ ...registryAddress(registryUrl), timeoutMs: TIMEOUT_MS });
    const { applied, refused } = await applySubjects(client, schemas);
    if (refused.length > 0) throw refusal(refused);
    return applied.filter(({ changes }) => changes.length > 0).map(({ subject }) => subject);
  } catch (error) {
    if (error instanceof RegistryProblem) throw new PlatformError(error.message, { cause: error });
    throw error;
  }
}

function refusal(refused: readonly { readonly subject: string; readonly refused: string }[]): PlatformError {
  const list = refused.map(({ subject, refused: reason }) => `${subject}: ${reason}`).join('\n');
  return new PlatformError(
    `The registry of this platform does not take these schemas:\n${list}\n` +
      'Is the change meant? Then begin anew with --fresh; a released schema needs a new topic instead.',
  );
}
