import type { AppliedSubject } from './apply.ts';
import type { Change, SubjectPlan } from './plan.ts';
import type { SchemaReference } from './subjects.ts';
import type { Drift } from './verify.ts';

/** Returns the plan as a table, with a line that sums it up. */
export function describePlan(plans: readonly SubjectPlan[]): string {
  const rows = plans.map((plan) => [plan.subject, describePlanned(plan)] as const);
  const width = Math.max('SUBJECT'.length, ...rows.map(([subject]) => subject.length));
  const table = [['SUBJECT', 'CHANGE'] as const, ...rows].map(
    ([subject, change]) => `${subject.padEnd(width)}  ${change}\n`,
  );
  const refused = plans.filter((plan) => plan.refused !== undefined).length;
  const changed = plans.filter((plan) => plan.refused === undefined && plan.changes.length > 0).length;
  const sums = [`${changed} to change`, `${plans.length - changed - refused} in step`];
  return `${table.join('')}\n${[...sums, ...(refused > 0 ? [`${refused} refused`] : [])].join(', ')}\n`;
}

function describePlanned({ changes, refused }: SubjectPlan): string {
  if (refused !== undefined) return `REFUSED: ${refused}`;
  return changes.length === 0 ? 'nothing' : changes.map(describeChange).join(', ');
}

function describeChange(change: Change): string {
  if (change.kind === 'create-subject') return 'create';
  if (change.kind === 'add-version') return `new version after ${change.newest}`;
  if (change.from === null) return `set compatibility to ${change.to}`;
  return `set compatibility from ${change.from} to ${change.to}`;
}

/** Returns the line that tells that a subject is done. */
export function describeApplied({ subject, changes, version, id }: AppliedSubject): string {
  const done = changes.map(describeChange);
  return `${subject}: ${done.length === 0 ? 'in step' : done.join(', ')}; version ${version}, id ${id}\n`;
}

/** Returns the difference as one line that says what to do about it. */
export function describeDrift(drift: Drift): string {
  return `C040 DRIFT ${drift.subject}: ${whatDiffers(drift)}\n`;
}

function whatDiffers(drift: Drift): string {
  const apply = 'contracts apply';
  switch (drift.kind) {
    case 'missing-subject':
      return `is not in the registry. Publish it: ${apply}`;
    case 'missing-version':
      return `the registry, at version ${drift.newest}, does not have the schema of git. Publish it: ${apply}`;
    case 'compatibility':
      return `has compatibility ${drift.is ?? 'none of its own'}, git says ${drift.expected}. Set it: ${apply}`;
    case 'references':
      return `version ${drift.version} refers to ${describeReferences(drift.is)}, git says ${describeReferences(drift.expected)}. Publish it: ${apply}`;
    case 'unknown-version':
      return `has version ${drift.version} (id ${drift.id}) that is not in git${describeOrigin(drift)}. Who registered it? Take it into git, or delete it if nothing was written with it`;
    case 'unknown-subject': {
      const count = drift.versions === 1 ? '1 version' : `${drift.versions} versions`;
      return `is not in git (${count})${describeOrigin(drift)}. Delete it, or pass --ignore when it is somebody else's`;
    }
  }
}

function describeReferences(references: readonly SchemaReference[]): string {
  const list = references.map(({ name, subject, version }) => `${name} of ${subject} version ${version}`);
  return list.length === 0 ? 'nothing' : list.join(', ');
}

function describeOrigin({ createdOn, owner }: { createdOn?: string; owner?: string }): string {
  if (createdOn === undefined) return '';
  return `, created ${createdOn}${owner === undefined ? '' : ` by "${owner}"`}`;
}
