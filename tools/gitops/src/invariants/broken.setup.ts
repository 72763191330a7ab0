/** Ways to break what is deployed, on a copy, so that each rule can be seen to notice. */
import { type KubeObject, nameOf, parseObjects } from '@eda/charts';
import { parse } from 'yaml';
import type { Entry } from '../inventory.ts';
import { describeFinding, type Finding } from './invariant.ts';
import type { Environment, Subject } from './subject.ts';

/** Changes a copy of what is deployed. */
export type Change = (draft: Subject) => void;

/** What somebody did, how, and the lines that tell of it. */
export type Broken = readonly [title: string, change: Change, ...lines: readonly string[]];

/** A path in an object: with dots, or as a list where a key has dots itself. */
type Path = string | readonly string[];

const keysOf = (path: Path) => (typeof path === 'string' ? path.split('.') : path);

/** Returns a change that is all of these. */
export const all =
  (...changes: readonly Change[]): Change =>
  (draft) =>
    changes.forEach((change) => change(draft));

/**
 * Sets what stands at a path; undefined removes it, and `+` is the place behind the last one of a list. `where` is `dev/store` for the Application, `dev/store/Service/store` for something
 * that it makes, `dev/store/Job/*` for the only one of a kind, `dev/root/AppProject/apps` for something that the root makes.
 */
export const set =
  (where: string, path: Path, value: unknown): Change =>
  (draft) =>
    put(find(draft, where), keysOf(path), value, where);

/** Has an application, or the root, make an object more. */
export const add =
  (where: string, manifest: string): Change =>
  (draft) =>
    (objectsOf(draft, where) as object[]).push(...parseObjects(manifest, where));

/** Has an application, or the root, make an object less. */
export const drop =
  (where: string): Change =>
  (draft) => {
    const object = find(draft, where);
    const objects = objectsOf(draft, where.split('/').slice(0, 2).join('/')) as object[];
    objects.splice(objects.indexOf(object), 1);
  };

/** Has an environment an application less. */
export const without =
  (where: string): Change =>
  (draft) => {
    const { children } = environmentOf(draft, where);
    (children as object[]).splice(
      children.findIndex(({ name }) => name === where.split('/')[1]),
      1,
    );
  };

/** Writes a file; undefined removes it. */
export const file =
  (path: string, text: string | undefined): Change =>
  ({ files }) => {
    if (text === undefined) (files as Map<string, string>).delete(path);
    else (files as Map<string, string>).set(path, text);
  };

/** Replaces what is in a file exactly once. */
export const edit =
  (path: string, from: string, to: string): Change =>
  ({ files }) => {
    const text = files.get(path) ?? '';
    const times = text.split(from).length - 1;
    if (times !== 1) throw new Error(`"${from}" is ${times} times in ${path}`);
    (files as Map<string, string>).set(path, text.replace(from, to));
  };

/** Changes an entry of the inventory, which is what only tools read of it. */
export const entry =
  (application: string, change: string): Change =>
  ({ inventory }) => {
    Object.assign(inventory.applications.get(application) as Entry, parse(change));
  };

function environmentOf(draft: Subject, where: string): Environment {
  const found = draft.environments.find(({ environment }) => environment === where.split('/')[0]);
  if (found === undefined) throw new Error(`There is no environment ${where}`);
  return found;
}

function objectsOf(draft: Subject, where: string): readonly object[] {
  const { root, children } = environmentOf(draft, where);
  const [, application] = where.split('/');
  const objects = application === 'root' ? root : children.find(({ name }) => name === application)?.objects;
  if (objects === undefined) throw new Error(`Nothing is rendered of ${where}`);
  return objects;
}

function find(draft: Subject, where: string): object {
  const [, application, ...name] = where.split('/');
  const found =
    name.length === 0
      ? environmentOf(draft, where).children.find((child) => child.name === application)?.application
      : objectsOf(draft, where).find((object) =>
          name[1] === '*'
            ? nameOf(object as KubeObject).startsWith(`${name[0] ?? ''}/`)
            : nameOf(object as KubeObject) === name.join('/'),
        );
  if (found === undefined) throw new Error(`There is no ${where}`);
  return found;
}

function put(object: object, keys: readonly string[], value: unknown, where: string): void {
  const [first = '', ...rest] = keys;
  const key = first === '+' && Array.isArray(object) ? String(object.length) : first;
  if (rest.length > 0) {
    const next: unknown = Reflect.get(object, key);
    if (typeof next !== 'object' || next === null) throw new Error(`There is no ${key} in ${where}`);
    put(next, rest, value, where);
  } else if (value === undefined) Reflect.deleteProperty(object, key);
  else Reflect.set(object, key, value);
}

const HASHES = /-[0-9a-f]{8}-[0-9a-f]{8}\b/;

/** Returns findings as lines; what holds for every environment is one line, of `all`, and hashes of contents are left out. */
export function told(findings: readonly Finding[], environments: readonly string[]): string[] {
  const lines = findings.map((finding) => describeFinding(finding).replace(HASHES, ''));
  const everywhere = (line: string) => environments.map((name) => line.replace(/^[^:]+/, name));
  return [
    ...new Set(
      lines.map((line) =>
        environments.some((name) => line.startsWith(`${name}: `)) &&
        everywhere(line).every((other) => lines.includes(other))
          ? line.replace(/^[^:]+/, 'all')
          : line,
      ),
    ),
  ];
}
