/** How a change is told, whatever it is written into. */
import type { FieldDifference } from '@eda/charts';
import type { ApplicationChange, ObjectChange } from './environment-changes.ts';

/** Returns `Kind name` with the namespace when there is one. */
export function objectName({ kind, namespace, name }: ObjectChange): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** Returns what becomes of an object, in a word or two. */
export function objectVerb({ change, fate, lost }: ObjectChange): string {
  if (change === 'again') return 'runs again';
  if (change === 'changed') return lost.length > 0 ? 'changed, and destroys' : 'changed';
  if (change === 'added') return 'added';
  if (fate === 'stays') return 'stays, no longer managed';
  return lost.length > 0 ? 'DESTROYED' : 'deleted';
}

/** Returns what to know of an object that goes. */
export function fateNote({ fate }: ObjectChange): string | undefined {
  return fate === 'asks' ? 'Argo CD asks before it does (sync option confirm)' : undefined;
}

/** Returns which version of the chart of others comes. */
export function chartText({ name, before, after }: NonNullable<ApplicationChange['chart']>): string {
  const content = 'its content is not rendered here';
  if (before === undefined) return `chart ${name} ${after ?? ''}, ${content}`;
  if (after === undefined) return `chart ${name} ${before}, ${content}`;
  return `chart ${name} ${before} to ${after}, ${content}`;
}

/** Returns a field with what it was and what it is. */
export function fieldText({ path, one, other }: FieldDifference): string {
  const where = path === '' ? 'all of it' : path;
  if (one === undefined) return `${where}: ${shown(other)} added`;
  if (other === undefined) return `${where}: ${shown(one)} removed`;
  return `${where}: ${shown(one)} to ${shown(other)}`;
}

const LONGEST = 100;

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** Returns `1 thing`, `2 things`. */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
