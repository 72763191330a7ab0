import { levelBreach, levelProblem, schemaProblem } from './check-level.ts';
import type { EarlierVersion } from './check-level.ts';
import { inlineReferences } from './inline-references.ts';
import { inParallel } from './in-parallel.ts';
import type { RegistryClient } from './registry-client.ts';
import { levelOf, lookUp, versionOf, versionsOf, wouldRefuse } from './subjects.ts';
import type { SchemaReference } from './subjects.ts';
import { inOrderOfReference } from './wanted-subject.ts';
import type { WantedSubject } from './wanted-subject.ts';

export type Change =
  | { readonly kind: 'create-subject' }
  | { readonly kind: 'add-version'; readonly newest: number }
  | { readonly kind: 'set-compatibility'; readonly from: string | null; readonly to: string };

/** What is to be done for a subject; nothing when there are no changes. */
export interface SubjectPlan {
  readonly subject: string;
  readonly changes: readonly Change[];
  /** Why the registry would refuse the changes. */
  readonly refused?: string;
  /** The schema's place in the registry, when it is there. */
  readonly registered?: { readonly version: number; readonly id: number };
}

/**
 * Compares the registry with what is wanted and has every new version checked against those that are there, by the level
 * that will hold. Writes nothing. Subjects come in the order in which they have to be registered.
 * Throws `RegistryProblem` when the registry cannot be asked, `ReferencesInvalid` when there is no such order.
 */
export async function planSubjects(
  client: RegistryClient,
  wanted: readonly WantedSubject[],
): Promise<SubjectPlan[]> {
  const plans = new Map<string, SubjectPlan>();
  for (const group of inOrderOfReference(wanted)) {
    const planned = await inParallel(group, (one) => planSubject(client, one, wanted, plans));
    for (const plan of planned) plans.set(plan.subject, plan);
  }
  return [...plans.values()];
}

/** Returns the references of `wanted` with their versions; undefined when one of them is not registered yet. */
export function resolveReferences(
  { references = [] }: WantedSubject,
  versionOfSubject: (subject: string) => number | undefined,
): SchemaReference[] | undefined {
  const resolved = references.flatMap(({ name, subject }) => {
    const version = versionOfSubject(subject);
    return version === undefined ? [] : [{ name, subject, version }];
  });
  return resolved.length === references.length ? resolved : undefined;
}

async function planSubject(
  client: RegistryClient,
  one: WantedSubject,
  wanted: readonly WantedSubject[],
  plans: ReadonlyMap<string, SubjectPlan>,
): Promise<SubjectPlan> {
  const { subject, schema, compatibility } = one;
  const references = resolveReferences(one, (target) => plans.get(target)?.registered?.version);
  const [level, registered] = await Promise.all([
    levelOf(client, subject),
    references && lookUp(client, subject, { schema, references }),
  ]);
  const versions = registered ? [] : await versionsOf(client, subject);
  const newest = versions.at(-1);
  const changes: Change[] = [];
  if (!registered)
    changes.push(newest === undefined ? { kind: 'create-subject' } : { kind: 'add-version', newest });
  if (level !== compatibility)
    changes.push({ kind: 'set-compatibility', from: level ?? null, to: compatibility });

  const breach = registered ? undefined : await breachOf(client, one, wanted, versions, level);
  const refused = levelProblem(compatibility) ?? breach;
  return { subject, changes, ...(refused !== undefined && { refused }), ...(registered && { registered }) };
}

async function breachOf(
  client: RegistryClient,
  one: WantedSubject,
  wanted: readonly WantedSubject[],
  versions: readonly number[],
  level: string | undefined,
): Promise<string | undefined> {
  const { subject, schema, compatibility, references = [] } = one;
  const whole = inlineReferences(schema, wantedTypes(one, wanted));
  // A registry says of such a schema only that it is none.
  const invalid = schemaProblem(whole);
  if (invalid !== undefined || versions.length === 0) return invalid;
  const earlier = await earlierVersions(client, subject, versions);
  const alone = references.length === 0 && earlier.every(({ refers }) => !refers);
  if (alone && level === compatibility) {
    const refusal = await wouldRefuse(client, subject, schema);
    return refusal && `not ${compatibility} compatible with the versions there: ${refusal.refused}`;
  }
  const breach = levelBreach(compatibility, whole, earlier);
  return breach === undefined ? undefined : `not ${compatibility} compatible: ${breach}`;
}

/** Full name -> schema of everything that `one` refers to, also by way of others. */
function wantedTypes(one: WantedSubject, wanted: readonly WantedSubject[]): Map<string, string> {
  const types = new Map<string, string>();
  const collect = ({ references = [] }: WantedSubject): void => {
    for (const { name, subject } of references) {
      const target = wanted.find((other) => other.subject === subject);
      if (!target || types.has(name)) continue;
      types.set(name, target.schema);
      collect(target);
    }
  };
  collect(one);
  return types;
}

async function earlierVersions(
  client: RegistryClient,
  subject: string,
  versions: readonly number[],
): Promise<(EarlierVersion & { readonly refers: boolean })[]> {
  const found = await inParallel(versions, async (version) => {
    const stored = await versionOf(client, subject, version);
    if (!stored) return [];
    const types = new Map<string, string>();
    await collectTypes(client, stored.references, types);
    const refers = stored.references.length > 0;
    return [{ version, schema: inlineReferences(stored.schema, types), refers }];
  });
  return found.flat();
}

async function collectTypes(
  client: RegistryClient,
  references: readonly SchemaReference[],
  types: Map<string, string>,
): Promise<void> {
  for (const { name, subject, version } of references) {
    if (types.has(name)) continue;
    const target = await versionOf(client, subject, version);
    if (!target) continue;
    types.set(name, target.schema);
    await collectTypes(client, target.references, types);
  }
}
