import { needsOf, waveOf } from '../tree/application.ts';
import { CHOSEN_NEEDS } from './chosen-needs.ts';
import { type DerivedNeed, derivedNeeds } from './derived-needs.ts';
import type { Finding, Invariant } from './invariant.ts';
import type { Environment } from './subject.ts';
import { worldOf } from './world.ts';

export const order: Invariant = {
  name: 'order',
  why: 'What comes before what it needs fails until somebody notices that the order was luck; what waits for nothing makes every start longer.',
  check: (subject) => {
    const each = subject.environments.map((environment) => ({
      environment,
      derived: derivedNeeds(subject, worldOf(subject, environment)),
    }));
    const anywhere = each.flatMap(({ derived }) => derived);
    return each.flatMap(({ environment, derived }) =>
      ofEnvironment(environment, derived, anywhere).map((found) => ({
        environment: environment.environment,
        ...found,
      })),
    );
  },
};

/** The inventory is one for all environments: what a need is founded on may be in another one. */
function ofEnvironment(
  environment: Environment,
  derived: readonly DerivedNeed[],
  anywhere: readonly DerivedNeed[],
): Finding[] {
  const waves = new Map(environment.children.map(({ name, application }) => [name, waveOf(application)]));
  const declared = new Map(environment.children.map(({ name, application }) => [name, needsOf(application)]));
  return [
    ...unmet(derived),
    ...undeclared(derived, declared),
    ...tooEarly(derived, declared, waves),
    ...unfounded(derived, anywhere, declared),
  ];
}

type Declared = ReadonlyMap<string, readonly string[]>;

/** One for each pair is enough: whatever else leads there is mended with it. */
function pairs(derived: readonly DerivedNeed[]): (DerivedNeed & { readonly needs: string })[] {
  const found = new Map<string, DerivedNeed & { readonly needs: string }>();
  for (const need of derived) {
    const key = `${need.application} ${need.needs ?? ''}`;
    if (need.needs !== undefined && !found.has(key)) found.set(key, { ...need, needs: need.needs });
  }
  return [...found.values()];
}

function unmet(derived: readonly DerivedNeed[]): Finding[] {
  const found = new Map<string, Finding>();
  for (const { needs, what, ...where } of derived) {
    const key = `${where.application} ${what}`;
    if (needs !== undefined || found.has(key)) continue;
    const reason = `needs ${what}, and no application of this environment makes it; correct the name, or add or switch on who makes it`;
    found.set(key, { ...where, reason });
  }
  return [...found.values()];
}

function undeclared(derived: readonly DerivedNeed[], declared: Declared): Finding[] {
  return pairs(derived)
    .filter(({ application, needs }) => !closure(application, declared).has(needs))
    .map(({ needs, what, ...where }) => ({
      ...where,
      reason: `needs ${needs}: ${what}; add it to applications.${where.application}.needs in gitops/root/values.yaml`,
    }));
}

function tooEarly(
  derived: readonly DerivedNeed[],
  declared: Declared,
  waves: ReadonlyMap<string, number>,
): Finding[] {
  const said = [...declared].flatMap(([application, all]) =>
    all.map((needs): DerivedNeed => ({ application, needs, what: 'the inventory says so' })),
  );
  return pairs([...derived, ...said]).flatMap(({ application, needs, what, ...where }): Finding[] => {
    const [own, before] = [waves.get(application), waves.get(needs)];
    if (own !== undefined && before !== undefined && before < own) return [];
    return [
      {
        application,
        ...where,
        reason:
          before === undefined
            ? `needs ${needs}, which this environment does not have; switch it on`
            : `is in wave ${own ?? '?'}, and needs ${needs} of wave ${before}: ${what}; give it a later wave`,
      },
    ];
  });
}

function unfounded(
  derived: readonly DerivedNeed[],
  anywhere: readonly DerivedNeed[],
  declared: Declared,
): Finding[] {
  const isDerived = (application: string, need: string, by = derived) =>
    by.some((edge) => edge.application === application && edge.needs === need);
  const isChosen = (application: string, need: string) =>
    CHOSEN_NEEDS.some((choice) => choice.application === application && choice.needs.includes(need));
  const withoutReason = [...declared].flatMap(([application, needs]) =>
    needs
      .filter(
        (need) =>
          declared.has(need) && !isDerived(application, need, anywhere) && !isChosen(application, need),
      )
      .map((need) => ({
        application,
        path: 'needs',
        reason: `nothing in it leads to ${need}; remove it from the inventory, or add it with its reason to chosen-needs.ts`,
      })),
  );
  const withoutNeed = CHOSEN_NEEDS.filter(({ application }) => declared.has(application)).flatMap(
    ({ application, needs }) =>
      needs
        .filter((need) => isDerived(application, need) || !declared.get(application)?.includes(need))
        .map((need) => ({
          application,
          path: 'needs',
          reason: isDerived(application, need)
            ? `it leads to ${need} by itself now, which is no choice any more; remove it from chosen-needs.ts`
            : `chosen-needs.ts has ${need}, and the inventory does not; remove it there, or add it to needs`,
        })),
  );
  return [...withoutReason, ...withoutNeed];
}

/** Returns all that an application needs, and what that needs. */
function closure(application: string, declared: Declared, seen = new Set<string>()): Set<string> {
  for (const need of declared.get(application) ?? []) {
    if (seen.has(need)) continue;
    seen.add(need);
    closure(need, declared, seen);
  }
  return seen;
}
