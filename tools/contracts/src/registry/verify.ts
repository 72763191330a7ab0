import { allVersions } from './all-versions.ts';
import type { VersionRecord } from './all-versions.ts';
import { inParallel } from './in-parallel.ts';
import { resolveReferences } from './plan.ts';
import type { RegistryClient } from './registry-client.ts';
import { schemaKey } from './same-schema.ts';
import { levelOf, lookUp, versionOf, versionsOf } from './subjects.ts';
import type { SchemaReference, SubjectVersion } from './subjects.ts';
import { inOrderOfReference } from './wanted-subject.ts';
import type { WantedSubject } from './wanted-subject.ts';

interface Origin {
  /** ISO 8601; absent when the registry does not tell. */
  readonly createdOn?: string;
  readonly owner?: string;
}

/** One difference between git and the registry. */
export type Drift =
  | { readonly kind: 'missing-subject'; readonly subject: string }
  | { readonly kind: 'missing-version'; readonly subject: string; readonly newest: number }
  | {
      readonly kind: 'references';
      readonly subject: string;
      readonly version: number;
      readonly is: readonly SchemaReference[];
      readonly expected: readonly SchemaReference[];
    }
  | {
      readonly kind: 'compatibility';
      readonly subject: string;
      readonly is: string | null;
      readonly expected: string;
    }
  | ({
      readonly kind: 'unknown-version';
      readonly subject: string;
      readonly version: number;
      readonly id: number;
    } & Origin)
  | ({ readonly kind: 'unknown-subject'; readonly subject: string; readonly versions: number } & Origin);

export interface VerifyOptions {
  /** Subjects that nobody wants are only looked for among those that begin with this. */
  readonly prefix?: string;
  /** Patterns (`*`, `?`) of subjects that are somebody else's. */
  readonly ignore?: readonly string[];
}

/**
 * Returns every difference between the registry and what is wanted, in both directions; none when they are in step.
 * A version that git remembers as an earlier one is in step. Writes nothing.
 * Throws `RegistryProblem` when the registry cannot be asked.
 */
export async function verifySubjects(
  client: RegistryClient,
  wanted: readonly WantedSubject[],
  { prefix = '', ignore = [] }: VerifyOptions = {},
): Promise<Drift[]> {
  const records = Map.groupBy(await allVersions(client), ({ subject }) => subject);
  const drifts: Drift[] = [];
  const found = new Map<string, number>();
  for (const group of inOrderOfReference(wanted)) {
    const results = await inParallel(group, (one) => verifySubject(client, one, found, records));
    for (const { subject, version, drift } of results) {
      if (version !== undefined) found.set(subject, version);
      drifts.push(...drift);
    }
  }
  const own = new Set(wanted.map(({ subject }) => subject));
  const ignored = ignore.map(patternOf);
  for (const [subject, versions] of records) {
    if (own.has(subject) || !subject.startsWith(prefix)) continue;
    if (ignored.some((pattern) => pattern.test(subject))) continue;
    drifts.push({
      kind: 'unknown-subject',
      subject,
      versions: versions.length,
      ...originOf(versions.at(-1)),
    });
  }
  return drifts;
}

async function verifySubject(
  client: RegistryClient,
  one: WantedSubject,
  found: ReadonlyMap<string, number>,
  records: ReadonlyMap<string, readonly VersionRecord[]>,
): Promise<{ subject: string; version: number | undefined; drift: Drift[] }> {
  const { subject, schema, compatibility, earlier = [] } = one;
  const references = resolveReferences(one, (target) => found.get(target));
  const [level, numbers, place] = await Promise.all([
    levelOf(client, subject),
    versionsOf(client, subject),
    references && lookUp(client, subject, { schema, references }),
  ]);
  const newest = numbers.at(-1);
  if (newest === undefined)
    return { subject, version: undefined, drift: [{ kind: 'missing-subject', subject }] };

  const drift: Drift[] = [];
  if (level !== compatibility)
    drift.push({ kind: 'compatibility', subject, is: level ?? null, expected: compatibility });
  const stored = await inParallel(numbers, (number) => versionOf(client, subject, number));
  const versions = stored.filter((version) => version !== undefined);
  const key = schemaKey(schema);
  const known = new Set([key, ...earlier.map(schemaKey)]);
  if (!place) {
    const same = versions.findLast((version) => schemaKey(version.schema) === key);
    if (same && references) {
      const { version, references: is } = same;
      drift.push({ kind: 'references', subject, version, is, expected: references });
    } else drift.push({ kind: 'missing-version', subject, newest });
  }
  const isKnown = ({ version, schema: text }: SubjectVersion) =>
    version === place?.version || known.has(schemaKey(text));
  for (const { version, id } of versions.filter((each) => !isKnown(each))) {
    const record = records.get(subject)?.find((each) => each.id === id);
    drift.push({ kind: 'unknown-version', subject, version, id, ...originOf(record) });
  }
  return { subject, version: place?.version, drift };
}

function originOf(record: VersionRecord | undefined): Origin {
  if (!record) return {};
  return { createdOn: record.createdOn, ...(record.owner !== '' && { owner: record.owner }) };
}

function patternOf(glob: string): RegExp {
  const text = glob.replace(/[\\^$.|+()[\]{}]/g, String.raw`\$&`);
  return new RegExp(`^${text.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}
