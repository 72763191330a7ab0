import type { SchemaDefinition } from '@eda/contracts';

/** What git says about a subject. */
export interface WantedSubject extends Omit<SchemaDefinition, 'type'> {
  /** Types of other subjects that the schema uses by name; each must be wanted too. */
  readonly references?: readonly WantedReference[];
  /** Schemas of earlier versions that git remembers. */
  readonly earlier?: readonly string[];
}

export interface WantedReference {
  /** Full name of the type, as it stands in the schema. */
  readonly name: string;
  readonly subject: string;
}

/** The references between subjects cannot be registered. */
export class ReferencesInvalid extends Error {
  override readonly name = 'ReferencesInvalid';
}

/** Returns the subjects under other names: `prefix` in front of each, in references too. */
export function withPrefix(wanted: readonly WantedSubject[], prefix: string): WantedSubject[] {
  return wanted.map((one) => ({
    ...one,
    subject: `${prefix}${one.subject}`,
    ...(one.references && {
      references: one.references.map(({ name, subject }) => ({ name, subject: `${prefix}${subject}` })),
    }),
  }));
}

/**
 * Returns the subjects in groups: all that a subject refers to stands in groups before its own.
 * Throws `ReferencesInvalid` for a reference to a subject that is not among them, and for a circle.
 */
export function inOrderOfReference(wanted: readonly WantedSubject[]): WantedSubject[][] {
  const bySubject = new Map(wanted.map((one) => [one.subject, one]));
  const depths = new Map<string, number>();
  const depthOf = (one: WantedSubject, path: readonly string[]): number => {
    const known = depths.get(one.subject);
    if (known !== undefined) return known;
    const here = [...path, one.subject];
    if (path.includes(one.subject)) {
      throw new ReferencesInvalid(
        `circular reference: ${here.slice(path.indexOf(one.subject)).join(' → ')}; a registry cannot hold this. Merge them or break the circle.`,
      );
    }
    const depth = (one.references ?? []).reduce((deepest, { name, subject }) => {
      const target = bySubject.get(subject);
      if (target) return Math.max(deepest, depthOf(target, here) + 1);
      throw new ReferencesInvalid(
        `${one.subject} takes ${name} from ${subject}, which is not to be registered.`,
      );
    }, 0);
    depths.set(one.subject, depth);
    return depth;
  };
  const groups: WantedSubject[][] = [];
  for (const one of wanted) (groups[depthOf(one, [])] ??= []).push(one);
  return groups;
}
