import type { RegistryAnswer, RegistryClient } from './registry-client.ts';
import { RegistryProblem } from './registry-problem.ts';

/** A schema that uses a type of another subject. */
export interface SchemaReference {
  /** Full name of the type, as it stands in the schema. */
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

/** What makes a version: the same text with other references is another one. */
export interface SchemaContent {
  readonly schema: string;
  readonly references: readonly SchemaReference[];
}

export interface SubjectVersion extends SchemaContent {
  readonly version: number;
  readonly id: number;
}

/** The registry's refusal of something, in its own words. */
export interface Refusal {
  readonly refused: string;
}

/** Ids travel in four bytes of every record. */
const MAX_ID = 2 ** 31 - 1;

/** Returns the compatibility level of a subject, undefined when the registry has none of its own for it. */
export async function levelOf(client: RegistryClient, subject: string): Promise<string | undefined> {
  const answer = await client.ask('GET', `/config/${encodeURIComponent(subject)}`);
  if (answer.status === 404) return undefined;
  const { compatibilityLevel } = bodyOf(client, answer, `the compatibility level of ${subject}`);
  if (typeof compatibilityLevel === 'string') return compatibilityLevel;
  throw unclear(client, `the compatibility level of ${subject}`, answer);
}

/** Sets the compatibility level of a subject, which need not exist yet. */
export async function setLevel(
  client: RegistryClient,
  subject: string,
  compatibility: string,
): Promise<Refusal | undefined> {
  const put = () => client.ask('PUT', `/config/${encodeURIComponent(subject)}`, { compatibility });
  let answer = await put();
  // Somebody else has just made the first one.
  if (answer.status === 409) {
    if ((await levelOf(client, subject)) === compatibility) return undefined;
    answer = await put();
  }
  return answer.ok
    ? undefined
    : { refused: `compatibility ${compatibility} was refused: ${answer.reason} (${answer.status})` };
}

/** Returns the versions of a subject in order, none when there is no such subject. */
export async function versionsOf(client: RegistryClient, subject: string): Promise<number[]> {
  const answer = await client.ask('GET', `/subjects/${encodeURIComponent(subject)}/versions`);
  if (answer.status === 404) return [];
  if (answer.ok && Array.isArray(answer.body) && answer.body.every(Number.isInteger)) {
    return (answer.body as number[]).toSorted((a, b) => a - b);
  }
  throw unclear(client, `the versions of ${subject}`, answer);
}

/** Returns one version of a subject; undefined when it has been deleted in between. */
export async function versionOf(
  client: RegistryClient,
  subject: string,
  version: number,
): Promise<SubjectVersion | undefined> {
  const answer = await client.ask('GET', `/subjects/${encodeURIComponent(subject)}/versions/${version}`);
  if (answer.status === 404) return undefined;
  const what = `version ${version} of ${subject}`;
  const { schema } = bodyOf(client, answer, what);
  if (typeof schema !== 'string') throw unclear(client, what, answer);
  return { ...placeOf(client, subject, answer), schema, references: referencesOf(answer) };
}

/** Finds a schema by its content as services do; undefined when the subject has no such version. */
export async function lookUp(
  client: RegistryClient,
  subject: string,
  content: SchemaContent,
): Promise<{ readonly version: number; readonly id: number } | undefined> {
  const answer = await client.ask('POST', `/subjects/${encodeURIComponent(subject)}`, requestOf(content));
  // 422: the registry cannot read this schema, so it cannot have it.
  if (answer.status === 404 || answer.status === 422) return undefined;
  return placeOf(client, subject, answer);
}

/** Adds a version unless the subject has it; returns its id. */
export async function register(
  client: RegistryClient,
  subject: string,
  content: SchemaContent,
): Promise<{ readonly id: number } | Refusal> {
  const path = `/subjects/${encodeURIComponent(subject)}/versions`;
  const answer = await client.ask('POST', path, requestOf(content));
  if (!answer.ok) return { refused: `${answer.reason} (${answer.status})` };
  return { id: idOf(client, subject, answer) };
}

/**
 * Asks the registry whether it would take `schema` as the next version of a subject under its level, without references.
 * Returns undefined when it would; nothing is written either way.
 */
export async function wouldRefuse(
  client: RegistryClient,
  subject: string,
  schema: string,
): Promise<Refusal | undefined> {
  const path = `/compatibility/subjects/${encodeURIComponent(subject)}/versions?verbose=true`;
  const answer = await client.ask('POST', path, { schema });
  if (answer.status === 422) return { refused: answer.reason };
  const { is_compatible: compatible, messages } = bodyOf(client, answer, `whether ${subject} is compatible`);
  if (compatible === true) return undefined;
  if (Array.isArray(messages) && messages.length > 0) return { refused: messages.join(', ') };
  return { refused: (await reasonOf(client, subject, schema)) ?? 'the registry does not say why' };
}

/** Apicurio tells the reason only in its own API; what is refused there leaves no trace either. */
async function reasonOf(
  client: RegistryClient,
  subject: string,
  schema: string,
): Promise<string | undefined> {
  if (client.nativeUrl === undefined) return undefined;
  const path = `/groups/default/artifacts/${encodeURIComponent(subject)}/versions?dryRun=true`;
  const answer = await client.askNative('POST', path, {
    content: { content: schema, contentType: 'application/json' },
  });
  return answer.ok ? undefined : answer.reason;
}

function requestOf({ schema, references }: SchemaContent): object {
  return { schema, ...(references.length > 0 && { references }) };
}

function referencesOf({ body }: RegistryAnswer): SchemaReference[] {
  const { references } = body as { references?: readonly SchemaReference[] | null };
  return (references ?? []).map(({ name, subject, version }) => ({ name, subject, version }));
}

function placeOf(client: RegistryClient, subject: string, answer: RegistryAnswer) {
  const { version } = bodyOf(client, answer, `a version of ${subject}`);
  if (!Number.isInteger(version)) throw unclear(client, `a version of ${subject}`, answer);
  return { version: version as number, id: idOf(client, subject, answer) };
}

function idOf(client: RegistryClient, subject: string, answer: RegistryAnswer): number {
  const { id } = bodyOf(client, answer, `the id of ${subject}`);
  if (typeof id !== 'number' || !Number.isInteger(id)) throw unclear(client, `the id of ${subject}`, answer);
  if (id >= 0 && id <= MAX_ID) return id;
  throw new RegistryProblem(
    `${client.url} has the id ${id} for ${subject}, but a record has four bytes for it (at most ${MAX_ID}). ` +
      'No producer can use this schema: let the registry count its ids, or give small ones (contentId) where it reads its schemas from.',
  );
}

function bodyOf(client: RegistryClient, answer: RegistryAnswer, what: string): Record<string, unknown> {
  const { ok, body } = answer;
  if (ok && typeof body === 'object' && body !== null) return body as Record<string, unknown>;
  throw unclear(client, what, answer);
}

function unclear(client: RegistryClient, what: string, answer: RegistryAnswer): RegistryProblem {
  const said = answer.ok ? 'said nothing that can be understood' : answer.reason;
  return new RegistryProblem(
    `${client.url} was asked for ${what} and ${answer.ok ? '' : 'refused: '}${said} (${answer.status}). ` +
      'Is it a registry of a version that this program knows (Apicurio Registry 3.3)?',
  );
}
