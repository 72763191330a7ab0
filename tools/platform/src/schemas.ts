/** The schemas of the contracts, registered on the platform's registry. Services never register; this is the local place that does. */
import { PlatformError } from './errors.ts';

export interface WantedSchema {
  readonly subject: string;
  /** Avro, as JSON. */
  readonly schema: string;
  readonly compatibility: string;
}

/**
 * Registers those of `schemas` that are missing, each under its compatibility level, and returns their subjects.
 * `registryUrl` is the base of the Confluent-compatible interface. Throws a `PlatformError` when the registry refuses one.
 */
export async function provisionSchemas(
  registryUrl: string,
  schemas: readonly WantedSchema[],
): Promise<string[]> {
  const registered = await Promise.all(schemas.map((schema) => provisionSchema(registryUrl, schema)));
  return registered.flatMap((subject) => subject ?? []);
}

async function provisionSchema(
  registryUrl: string,
  { subject, schema, compatibility }: WantedSchema,
): Promise<string | undefined> {
  const name = encodeURIComponent(subject);
  const level = await call(registryUrl, 'GET', `/config/${name}`);
  if (level.body['compatibilityLevel'] !== compatibility) {
    const answer = await call(registryUrl, 'PUT', `/config/${name}`, { compatibility });
    if (!answer.ok) throw refusal(`compatibility level ${compatibility} of ${subject}`, answer);
  }
  // Only a lookup can tell "is there already" from "was registered now"; both answers of a registration look the same.
  if ((await call(registryUrl, 'POST', `/subjects/${name}`, { schema })).ok) return undefined;
  const answer = await call(registryUrl, 'POST', `/subjects/${name}/versions`, { schema });
  if (answer.ok) return subject;
  if (answer.status === 409) {
    throw new PlatformError(
      `The schema of ${subject} is not compatible (${compatibility}) with the version that this platform's data holds. ` +
        'Is the change meant? Then begin anew with --fresh; a released schema needs a new topic instead.',
    );
  }
  throw refusal(`the schema of ${subject}`, answer);
}

interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function call(base: string, method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(base + path, {
    method,
    ...(body
      ? { headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' }, body: JSON.stringify(body) }
      : {}),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  try {
    return { ok: response.ok, status: response.status, body: JSON.parse(text) as Record<string, unknown> };
  } catch {
    return { ok: response.ok, status: response.status, body: { message: text } };
  }
}

function refusal(what: string, { status, body }: Answer): PlatformError {
  return new PlatformError(
    `The registry refuses ${what}: ${status} ${JSON.stringify(body['message'] ?? body)}`,
  );
}
