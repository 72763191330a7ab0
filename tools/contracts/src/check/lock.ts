import type { EventModel, Json } from '../contract-model.ts';
import { isObject } from '../json.ts';
import type { Problem } from '../problems.ts';
import { isThere, listFiles } from '../read/list-files.ts';
import { readText } from '../read/read-text.ts';
import type { SizeLimit } from '../read/read-text.ts';
import { Unreadable } from '../read/source-file.ts';
import type { Path } from '../read/source-file.ts';
import type { CompactJson, Sources } from '../read/sources.ts';
import { sha256Of } from '../sha256-of.ts';

/** Says which schema each released version is; only ever grows. */
export const LOCK = 'schemas/contracts.lock.json';
/** Holds the frozen copies. */
export const HISTORY = 'schemas/history';

/** An entry of the lock. */
export interface LockEntry {
  readonly subject: string;
  readonly version: number;
  /** Of the schema as it is registered. */
  readonly sha256: string;
  readonly file: string;
}

/** A frozen copy: one released version of an event. */
export interface Frozen {
  readonly file: string;
  /** For example `retail/v1/StockMoved`. */
  readonly event: string;
  readonly version: number;
  /** The schema as it is registered. */
  readonly schema: string;
  /** What the lock says of it. */
  readonly entry?: LockEntry;
}

export interface History {
  /** Undefined when there is a lock that cannot be read. */
  readonly entries: readonly LockEntry[] | undefined;
  /** Copies that can be believed, oldest version first. */
  readonly frozen: readonly Frozen[];
}

/** It grows with every release, some 240 bytes at a time. */
const LOCK_SIZE: SizeLimit = {
  megabytes: 64,
  of: 'a lock',
  fix: 'Restore it from the branch you merge into.',
};

const FROZEN = /^schemas\/history\/(.+)@(\d+)\.avsc$/;
const MARKER = /^(?:<{7}|={7}|>{7}|\|{7})(?: .*)?$/m;

/** Returns the name that the frozen copies of an event have in common, for example `retail/v1/StockMoved`. */
export function frozenName({ record }: Pick<EventModel, 'record'>): string {
  return record.file.slice('schemas/'.length, -'.avsc'.length);
}

/** Reads the lock and the frozen copies; what does not fit together is added to `problems`. */
export function readHistory(sources: Sources, problems: Problem[]): History {
  const files = listFiles(sources.tree, HISTORY, FROZEN);
  if (!isThere(sources.tree, LOCK)) return { entries: [], frozen: readCopies(files, [], sources, problems) };
  const before = problems.length;
  const entries = readLock(sources, problems);
  // With a lock that cannot be read, every copy would seem edited.
  const isUsable = problems.length === before;
  const frozen = readCopies(files, entries, sources, problems, isUsable);
  if (isUsable) checkFilesAreThere(entries, files, problems);
  return { entries: isUsable ? entries : undefined, frozen };
}

function readLock(sources: Sources, problems: Problem[]): LockEntry[] {
  const report = (path: Path, what: string, more: Partial<Problem> = {}) =>
    problems.push({ code: 'C018', file: LOCK, field: '', path, what, ...more });
  const text = existingText(sources);
  const marker = MARKER.exec(text);
  if (marker) {
    const line = text.slice(0, marker.index).split('\n').length;
    report([], 'has the marks of a merge conflict', {
      position: { line, column: 1 },
      why: 'Two branches released at the same time, and both versions have the same number.',
      fix:
        'Take lock and history from the branch you merge into (git checkout <branch> -- ' +
        `${LOCK} ${HISTORY}), then run npx contracts release: your version gets the next number.`,
    });
    return [];
  }
  const content = sources.json(LOCK, problems, LOCK_SIZE)?.content;
  if (content === undefined) return [];
  const versions = isObject(content) ? content['versions'] : undefined;
  if (!Array.isArray(versions)) {
    report([], 'has no list "versions"');
    return [];
  }
  const entries = new Map<string, LockEntry>();
  for (const [index, entry] of (versions as readonly Json[]).entries()) {
    if (!isEntry(entry)) {
      report(['versions', index], 'is no entry: it needs subject, version, sha256 and file');
      continue;
    }
    if (entries.has(keyOf(entry)))
      report(
        ['versions', index, 'version'],
        `version ${entry.version} of ${entry.subject} stands in it twice`,
        {
          why: 'Two branches released at the same time; consumers could not tell which of the two schemas is meant.',
          fix:
            'Keep the entry that the branch you merge into has, remove yours, restore the files of the other ' +
            `(git checkout <branch> -- ${HISTORY}), then run npx contracts release: your version gets the next number.`,
        },
      );
    else entries.set(keyOf(entry), entry);
  }
  return [...entries.values()];
}

function keyOf({ subject, version }: Pick<LockEntry, 'subject' | 'version'>): string {
  return `${subject} ${version}`;
}

/** Returns an empty text for what is none: that is told when it is parsed. */
function existingText({ tree }: Sources): string {
  try {
    return readText(tree, LOCK, LOCK_SIZE);
  } catch (error) {
    if (error instanceof Unreadable) return '';
    throw error;
  }
}

function isEntry(value: Json): value is Json & LockEntry {
  return (
    isObject(value) &&
    typeof value['subject'] === 'string' &&
    Number.isInteger(value['version']) &&
    typeof value['sha256'] === 'string' &&
    typeof value['file'] === 'string'
  );
}

function readCopies(
  files: readonly string[],
  entries: readonly LockEntry[],
  sources: Sources,
  problems: Problem[],
  isLocked = false,
): Frozen[] {
  const byFile = new Map(entries.map((entry) => [entry.file, entry]));
  const copies = files.flatMap((file): Frozen[] => {
    const entry = byFile.get(file);
    const copy = readCopy(file, entry, sources, problems);
    const [, event = '', version = ''] = FROZEN.exec(file) ?? [];
    if (!copy) return [];
    if (entry && entry.sha256 !== copy.sha256) {
      problems.push({
        code: 'C015',
        file,
        field: '',
        what: `is released as version ${entry.version} of ${entry.subject} (sha256 ${entry.sha256.slice(0, 8)}…) and was edited`,
      });
      return [];
    }
    if (!entry && isLocked) {
      problems.push({
        code: 'C015',
        file,
        field: '',
        what: 'has no entry in the lock',
        why: 'A copy without an entry can be edited without anyone noticing.',
        fix: 'Restore its entry if it had one; if not, remove the file: npx contracts release writes both.',
      });
      return [];
    }
    return [{ file, event, version: Number(version), schema: copy.text, ...(entry && { entry }) }];
  });
  return copies.sort((a, b) => (a.event < b.event ? -1 : Number(a.event > b.event)) || a.version - b.version);
}

/** Returns the schema in the copy. That of most copies is the one in the lock, and nobody will ask where in them something stands. */
function readCopy(
  file: string,
  entry: LockEntry | undefined,
  sources: Sources,
  problems: Problem[],
): CompactJson | undefined {
  const compact = entry && sources.compactJson(file);
  if (compact && compact.sha256 === entry.sha256) return compact;
  const content = sources.json(file, problems)?.content;
  if (content === undefined) return undefined;
  const text = JSON.stringify(content);
  return { text, sha256: sha256Of(text) };
}

function checkFilesAreThere(
  entries: readonly LockEntry[],
  files: readonly string[],
  problems: Problem[],
): void {
  const known = new Set(files);
  for (const [index, { file, subject, version }] of entries.entries())
    if (!known.has(file))
      problems.push({
        code: 'C015',
        file: LOCK,
        field: '',
        path: ['versions', index, 'file'],
        what: `${file}, version ${version} of ${subject}, is not there`,
        fix: 'Restore the file.',
      });
}

/** Adds to `problems` what of `released`, the entries of the lock at `ref`, is no longer in the lock as it was. */
export function checkLockGrows(
  released: readonly LockEntry[],
  entries: readonly LockEntry[] | undefined,
  ref: string,
  problems: Problem[],
): void {
  if (!entries) return;
  const indices = new Map(entries.map((entry, index) => [keyOf(entry), index]));
  for (const { subject, version, sha256, file } of released) {
    const index = indices.get(keyOf({ subject, version })) ?? -1;
    const entry = entries[index];
    if (!entry) {
      problems.push({
        code: 'C016',
        file: LOCK,
        field: '',
        path: ['versions'],
        part: 'key',
        what: `version ${version} of ${subject} is released at ${ref} and no longer in the lock`,
      });
      continue;
    }
    const changed = entry.sha256 !== sha256 ? 'sha256' : entry.file !== file ? 'file' : undefined;
    if (changed !== undefined)
      problems.push({
        code: 'C016',
        file: LOCK,
        field: '',
        path: ['versions', index, changed],
        what: `version ${version} of ${subject} has another ${changed} than at ${ref}`,
      });
  }
}

/** Returns the newest of the copies, which are oldest first, of each event, by its `frozenName`. */
export function newestVersions(frozen: readonly Frozen[]): ReadonlyMap<string, Frozen> {
  return new Map(frozen.map((copy) => [copy.event, copy]));
}
