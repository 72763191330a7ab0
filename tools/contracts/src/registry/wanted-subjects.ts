import { frozenName } from '../check/lock.ts';
import { loadReleased } from '../check/release.ts';
import type { WantedSubject } from './wanted-subject.ts';

/**
 * Returns what the contracts under `root` say about each subject, with the released versions as earlier ones. Throws
 * `ContractsInvalid` when the contracts are wrong.
 */
export function wantedSubjects(root: string): WantedSubject[] {
  const {
    model: { events },
    history,
  } = loadReleased(root);
  const released = Map.groupBy(history.frozen, ({ event }) => event);
  return events.map((event) => ({
    subject: event.subject,
    schema: event.schema,
    compatibility: event.meta.compatibility,
    earlier: (released.get(frozenName(event)) ?? []).map(({ schema }) => schema),
  }));
}
