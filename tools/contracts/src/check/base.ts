import type { AppDocument } from '../load-asyncapi.ts';
import { loadAsyncApi } from '../load-asyncapi.ts';
import { DOCUMENT, listContracts } from '../load-contracts.ts';
import type { Problem } from '../problems.ts';
import { treeOf } from '../read/file-tree.ts';
import { Sources } from '../read/sources.ts';
import type { EarlierEvent } from './earlier-event.ts';
import { readEarlierEvents } from './earlier-event.ts';
import type { Git } from './git.ts';
import { HISTORY, LOCK, readHistory } from './lock.ts';
import type { History } from './lock.ts';
import { readReaderSchemas } from './reader-schemas.ts';
import type { ReaderSchema } from './reader-schemas.ts';

const WANTED = [
  // Examples of released versions are none of it.
  /^schemas\/(?!golden\/|history\/.*json$).*\.(avsc|yaml|json)$/,
  /^apps\/[^/]+\/asyncapi\.yaml$/,
  /^apps\/[^/]+\/consumes\/[^/]+\.avsc$/,
];

/** The contracts as they are at a commit, as far as they can be read: what lint has to say of them was said then. */
export interface Base {
  /** As it was asked for, for example `origin/main`. */
  readonly ref: string;
  readonly commit: string;
  readonly events: readonly EarlierEvent[];
  readonly apps: readonly AppDocument[];
  readonly readers: readonly ReaderSchema[];
  readonly history: History;
  /** What could not be read, and what is not compared because of it. */
  readonly notes: readonly string[];
}

/** The contracts as they are in the files. */
export interface Now {
  readonly sources: Sources;
  /** Of its events; Avro takes them. */
  readonly schemas: ReadonlySet<string>;
}

/**
 * Reads the contracts at `ref`; undefined when there were none. What stands there as it does in `now` is not read again.
 * Throws `CannotCheck` when `ref` is unknown.
 */
export function readBase(git: Git, ref: string, now: Now): Base | undefined {
  const commit = git.commitOf(ref);
  const isWanted = (path: string) =>
    !path.split('/').includes('..') && WANTED.some((pattern) => pattern.test(path));
  const committed = git.filesOf(commit, ['schemas', 'apps'], isWanted, now.sources.tree);
  if (!committed.some(({ path }) => path.startsWith('schemas/'))) return undefined;
  const same = new Set(committed.filter(({ isSame }) => isSame).map(({ path }) => path));
  const sources = new Sources(treeOf(committed), {
    sources: now.sources,
    isSame: (file) => same.has(file),
  });
  const unread: Problem[] = [];
  const other: Problem[] = [];
  const files = listContracts(sources.tree, unread);
  const events = readEarlierEvents(sources, files, now.schemas, unread);
  const schemas = files.filter((file) => file.endsWith('.avsc'));
  const documents = files.filter((file) => DOCUMENT.test(file));
  const apps = loadAsyncApi(sources, documents, schemas, other);
  const history = readHistory(sources, other);
  const readers = readReaderSchemas(sources, events, apps, other);
  unread.push(
    ...other.filter(({ code, file }) => code === 'C032' || code === 'C018' || isReader(file, code)),
  );
  const notes = sources
    .findings(unread)
    .map(
      ({ file, line, column, message }) =>
        `${ref}:${file}:${line}:${column} ${message}. ${consequenceOf(file)}`,
    );
  return { ref, commit, events, apps, readers, history, notes };
}

function isReader(file: string, code: string): boolean {
  return code === 'C001' && file.startsWith('apps/');
}

function consequenceOf(file: string): string {
  const [, app = ''] = file.split('/');
  if (file === LOCK) return 'Releases that were taken back since then are not noticed.';
  if (file.startsWith(`${HISTORY}/`)) return 'Only the copy that stands in the files now counts.';
  if (DOCUMENT.test(file)) return `What ${app} received then is not known, only what it receives now.`;
  if (file.startsWith('apps/')) return `What ${app} said then that it reads is not known.`;
  return 'Events that need it are compared with their released versions only.';
}
