import type { Relaxation } from '../contract-model.ts';
import type { Problem } from '../problems.ts';

/** True when the metadata of an event relaxes the level of the problem, for its field or for all fields. */
export function accepts(relaxation: Relaxation, { level, field }: Pick<Problem, 'level' | 'field'>): boolean {
  return relaxation.level === level && (relaxation.field === undefined || relaxation.field === field);
}
