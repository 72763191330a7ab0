/** What a rule about everything that is deployed is. */
import type { Subject } from './subject.ts';

/** Something that is wrong with what is deployed, as it is told to who can mend it. */
export interface Finding {
  /** Absent for what is wrong in all of them. */
  readonly environment?: string;
  readonly application?: string;
  /** `Kind/name`, or a file below the repository's folder. */
  readonly object?: string;
  /** Where in the object: `spec.user.name`. */
  readonly path?: string;
  /** What is wrong; what to do. */
  readonly reason: string;
}

export interface Invariant {
  /** The name of its file. */
  readonly name: string;
  /** What would happen without it, in one sentence. */
  readonly why: string;
  readonly check: (subject: Subject) => Finding[];
}

/** Returns a finding as one line. */
export function describeFinding({ environment, application, object, path, reason }: Finding): string {
  return [environment, application, object, path, reason].filter(Boolean).join(': ');
}
