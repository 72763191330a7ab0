import { setTimeout as sleep } from 'node:timers/promises';
import { inParallel } from './in-parallel.ts';
import { planSubjects, resolveReferences } from './plan.ts';
import type { SubjectPlan } from './plan.ts';
import type { RegistryClient } from './registry-client.ts';
import { RegistryProblem } from './registry-problem.ts';
import { lookUp, register, setLevel } from './subjects.ts';
import type { Refusal, SchemaContent } from './subjects.ts';
import { inOrderOfReference } from './wanted-subject.ts';
import type { WantedSubject } from './wanted-subject.ts';

/** A subject that is as it is wanted. */
export interface AppliedSubject extends Pick<SubjectPlan, 'subject' | 'changes'> {
  readonly version: number;
  readonly id: number;
}

export interface Applied {
  readonly applied: readonly AppliedSubject[];
  /** Subjects that the registry does not take. When the check found them, nothing was written at all. */
  readonly refused: readonly (Refusal & { readonly subject: string })[];
  /** True when the registry is not as it was: it may have the new level of a subject whose schema it refused. */
  readonly written: boolean;
}

const PAUSE_MS = 100;

/**
 * Brings the registry to what is wanted: the compatibility level of each subject, then its schema, after those it refers
 * to. Everything is checked before the first write; nothing is written when one subject would be refused. Safe to repeat
 * and to run several times at once. For whoever sets up an environment; services only look schemas up.
 * Throws `RegistryProblem` when the registry does not answer; what was written until then stays, and the next run goes on.
 */
export async function applySubjects(
  client: RegistryClient,
  wanted: readonly WantedSubject[],
  onApplied: (subject: AppliedSubject) => void = () => undefined,
): Promise<Applied> {
  const plans = new Map((await planSubjects(client, wanted)).map((plan) => [plan.subject, plan]));
  const refused = [...plans.values()].flatMap(({ subject, refused: reason }) =>
    reason === undefined ? [] : [{ subject, refused: reason }],
  );
  if (refused.length > 0) return { applied: [], refused, written: false };

  const done = new Map<string, AppliedSubject>();
  const late: Applied['refused'][number][] = [];
  let written = false;
  const onWritten = () => {
    written = true;
  };
  for (const group of inOrderOfReference(wanted)) {
    await inParallel(group, async (one) => {
      const references = resolveReferences(one, (subject) => done.get(subject)?.version) ?? [];
      const content = { schema: one.schema, references };
      const outcome = await applySubject(client, one, content, { plan: plans.get(one.subject), onWritten });
      if ('refused' in outcome) {
        late.push({ subject: one.subject, ...outcome });
        return;
      }
      done.set(one.subject, outcome);
      onApplied(outcome);
    });
    if (late.length > 0) break;
  }
  return { applied: [...done.values()], refused: late, written };
}

async function applySubject(
  client: RegistryClient,
  { subject, compatibility }: WantedSubject,
  content: SchemaContent,
  { plan, onWritten }: { readonly plan: SubjectPlan | undefined; readonly onWritten: () => void },
): Promise<AppliedSubject | Refusal> {
  const { changes = [], registered } = plan ?? {};
  // The level first: a registry checks the very next version against it.
  if (changes.some(({ kind }) => kind === 'set-compatibility')) {
    const refusal = await setLevel(client, subject, compatibility);
    if (refusal) return refusal;
    onWritten();
  }
  if (registered) return { subject, changes, ...registered };
  const added = await register(client, subject, content);
  if ('refused' in added) return added;
  onWritten();
  return { subject, changes, ...(await untilFound(client, subject, content)) };
}

/** Another replica of the registry may learn of a version a moment later. */
async function untilFound(client: RegistryClient, subject: string, content: SchemaContent) {
  const deadline = performance.now() + client.timeoutMs;
  for (;;) {
    const found = await lookUp(client, subject, content);
    if (found) return found;
    if (performance.now() > deadline) {
      throw new RegistryProblem(
        `${client.url} took the schema of ${subject} and does not find it after ${client.timeoutMs / 1000} s. ` +
          'Do its replicas share one storage? Run it again to go on.',
      );
    }
    await sleep(PAUSE_MS);
  }
}
