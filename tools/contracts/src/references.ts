import { posix } from 'node:path';
import type { Json } from './contract-model.ts';
import { isObject } from './json.ts';
import { didYouMean } from './problems.ts';
import type { Problem } from './problems.ts';
import type { Sources } from './read/sources.ts';

/** A value in an AsyncAPI document, or in a file with parts of such documents. */
export interface Place {
  readonly file: string;
  /** For example `components.messages.stockMoved`. */
  readonly field: string;
  readonly value: Json;
}

/** Files that references may lead to. */
interface Targets {
  readonly documents: ReadonlySet<string>;
  readonly schemas: ReadonlySet<string>;
}

/** Files with parts that AsyncAPI documents share. */
const PARTS = /^schemas\/asyncapi\/[^/]+\.yaml$/;

/**
 * Reads the files with shared parts among `files`, and checks that every `$ref` in them and in the AsyncAPI `documents` leads
 * somewhere. What is told already of the same place is not told again. Adds what is wrong to `problems`.
 */
export function checkReferences(
  sources: Sources,
  documents: readonly string[],
  files: readonly string[],
  problems: Problem[],
): void {
  const parts = files.filter((file) => PARTS.test(file));
  for (const file of parts) sources.yaml(file, problems);
  const told = new Set(problems.map(({ file, field }) => `${file} ${field}`));
  const targets: Targets = {
    documents: new Set([...documents, ...parts]),
    schemas: new Set(files.filter((file) => file.endsWith('.avsc'))),
  };
  for (const file of targets.documents) {
    for (const place of referencesIn({ file, field: '', value: sources.content(file) ?? {} })) {
      const problem = checkReference(sources, place, targets);
      if (problem && !told.has(`${problem.file} ${problem.field}`)) problems.push(problem);
    }
  }
}

/** Follows `$ref`s, one after the other, to what is none; undefined when they lead nowhere or round in a circle. */
export function followReferences(sources: Sources, start: Place): Place | undefined {
  const { end } = walk(sources, start, new Set());
  return end;
}

/** Returns the value under `keys` of an object, with the references on the way followed; undefined when there is none. */
export function inside(
  sources: Sources,
  place: Place | undefined,
  ...keys: readonly string[]
): Place | undefined {
  return keys.reduce<Place | undefined>((outer, key) => {
    const inner = outer && memberOf(outer, key);
    return inner && followReferences(sources, inner);
  }, place);
}

/** Where references lead to, or where and why the way ends. */
interface Walk {
  readonly end?: Place;
  /** The part of the document that the reference `from` asks for and that is not there. */
  readonly missing?: { readonly from: Place; readonly outer: Place; readonly key: string };
  /** The reference that the way came to twice. */
  readonly circle?: Json;
}

/** `passed` are the references on the way here, to which those on the way on are added. */
function walk(sources: Sources, start: Place, passed: Set<Json>): Walk {
  const reference = referenceOf(start.value);
  if (reference === undefined) return { end: start };
  if (passed.has(start.value)) return { circle: start.value };
  passed.add(start.value);
  const { path, keys } = partsOf(start.file, reference);
  const content = sources.content(path);
  // What cannot be read, or is no document, is told of the file.
  if (!isObject(content)) return {};
  let place: Place = { file: path, field: '', value: content };
  for (const key of keys) {
    const outer = walk(sources, place, passed);
    if (!outer.end) return outer;
    const inner = memberOf(outer.end, key);
    if (!inner) return { missing: { from: start, outer: outer.end, key } };
    place = inner;
  }
  return walk(sources, place, passed);
}

function referenceOf(value: Json): string | undefined {
  const reference = isObject(value) ? value['$ref'] : undefined;
  return typeof reference === 'string' ? reference : undefined;
}

function partsOf(file: string, reference: string): { path: string; keys: readonly string[] } {
  const [path = '', pointer = ''] = reference.split('#');
  return {
    path: path === '' ? file : posix.join(posix.dirname(file), path),
    keys: pointer
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~')),
  };
}

function memberOf({ file, field, value }: Place, key: string): Place | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return { file, field: join(field, key), value: (value as Readonly<Record<string, Json>>)[key] ?? null };
}

function referencesIn(place: Place, found: Place[] = []): Place[] {
  const { file, field, value } = place;
  if (referenceOf(value) !== undefined) found.push(place);
  for (const [key, inner] of Object.entries(value as Readonly<Record<string, Json>>))
    if (typeof inner === 'object' && inner !== null)
      referencesIn({ file, field: join(field, key), value: inner }, found);
  return found;
}

function checkReference(
  sources: Sources,
  place: Place,
  { documents, schemas }: Targets,
): Problem | undefined {
  const { file, field, value } = place;
  const reference = referenceOf(value) ?? '';
  const { path } = partsOf(file, reference);
  const problem = (what: string, more: Pick<Problem, 'why' | 'fix'>): Problem => ({
    code: 'C026',
    file,
    field: join(field, '$ref'),
    what,
    ...more,
  });
  if (path.endsWith('.avsc')) {
    if (schemas.has(path)) return undefined;
    return problem(`there is no schema ${path}`, { fix: closest(place, reference, [...schemas]) });
  }
  if (!documents.has(path)) {
    const others = [...documents].filter((other) => other !== file);
    return problem(`there is no AsyncAPI document ${path}`, { fix: closest(place, reference, others) });
  }
  const { missing, circle } = walk(sources, place, new Set());
  if (circle === value)
    return problem('leads back to itself', {
      why: 'There is nothing at the end of the circle.',
      fix: 'Write the object itself in one of the places.',
    });
  // What is missing further on is told of the reference that asks for it, and so are other circles.
  if (!missing || missing.from.value !== value) return undefined;
  const { outer, key } = missing;
  return problem(`${outer.file} has no ${join(outer.field, key)}`, {
    fix: isObject(outer.value) ? didYouMean(key, Object.keys(outer.value)) : undefined,
  });
}

function closest({ file }: Place, reference: string, known: readonly string[]): string | undefined {
  const [path = '', ...pointer] = reference.split(/(?=#)/);
  const relative = known.map((other) => posix.relative(posix.dirname(file), other));
  return didYouMean(path, relative)?.replace(/"\?$/, `${pointer.join('')}"?`);
}

function join(field: string, key: string): string {
  return field === '' ? key : `${field}.${key}`;
}
