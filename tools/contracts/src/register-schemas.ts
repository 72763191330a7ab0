import { registryRequest } from '@eda/contracts';
import type { RegistryAddress, RegistryAnswer, SchemaDefinition } from '@eda/contracts';

/** A schema in the registry. */
export interface RegisteredSchema {
  readonly subject: string;
  readonly id: number;
  /** True when this call added it, false when it was there already. */
  readonly created: boolean;
}

export interface RegisterSchemasOptions extends RegistryAddress {
  readonly schemas: readonly SchemaDefinition[];
}

/** The registry refused a schema; `message` says which and why. */
export class SchemaRefused extends Error {
  override readonly name = 'SchemaRefused';
  readonly subject: string;

  constructor(subject: string, message: string) {
    super(`${subject}: ${message}`);
    this.subject = subject;
  }
}

/**
 * Brings the registry to the given schemas: sets the compatibility level of each subject, then adds the schema unless
 * it is there. Safe to repeat. For whoever sets up an environment; services only look schemas up.
 * Throws `SchemaRefused` when the registry does not take one, `RegistryUnavailableError` when it does not answer.
 */
export async function registerSchemas({
  schemas,
  ...address
}: RegisterSchemasOptions): Promise<RegisteredSchema[]> {
  const registered: RegisteredSchema[] = [];
  for (const definition of schemas) registered.push(await registerSchema(withPatience(address), definition));
  return registered;
}

async function registerSchema(
  address: RegistryAddress,
  definition: SchemaDefinition,
): Promise<RegisteredSchema> {
  const { subject, schema, compatibility } = definition;
  const path = `/subjects/${encodeURIComponent(subject)}`;
  // The level first: a registry checks the very next version against it.
  const level = await registryRequest(address, 'PUT', `/config/${encodeURIComponent(subject)}`, {
    compatibility,
  });
  if (level.errorCode !== undefined)
    throw refused(definition, `compatibility ${compatibility} was refused`, level);

  const present = await registryRequest(address, 'POST', path, { schema });
  if (present.errorCode === undefined) return { subject, id: idOf(subject, present), created: false };
  if (present.status !== 404) throw refused(definition, 'look-up failed', present);

  const added = await registryRequest(address, 'POST', `${path}/versions`, { schema });
  if (added.status === 409) {
    throw refused(
      definition,
      `the schema of ${definition.type} is not ${compatibility} compatible with the versions there`,
      added,
    );
  }
  if (added.errorCode !== undefined)
    throw refused(definition, `the schema of ${definition.type} was refused`, added);
  return { subject, id: idOf(subject, added), created: true };
}

/** Adding a schema takes a registry on Kafka several round trips, longer than a look-up may take. */
function withPatience(address: RegistryAddress): RegistryAddress {
  return { timeoutMs: 15_000, ...address };
}

function refused(
  { subject }: SchemaDefinition,
  what: string,
  { status, message = '' }: RegistryAnswer,
): SchemaRefused {
  return new SchemaRefused(subject, `${what} (the registry answered ${status}: ${message})`);
}

function idOf(subject: string, { body }: RegistryAnswer): number {
  const { id } = body as { id?: unknown };
  if (typeof id !== 'number') throw new SchemaRefused(subject, 'the registry gave no id');
  return id;
}
