/** The command line of `npm run catalog`. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { badSourceDateEpoch, parseSourceDateEpoch } from './source-date-epoch.ts';

const OUT = 'dist/catalog';
const BOOTSTRAP = '127.0.0.1:9092';

export const HELP = `Makes the event catalogue of schemas/ and apps/*: pages to be opened in a browser, without a server.

Usage: npm run catalog [-- options]

Options:
  --out FOLDER       where the pages go, in place of what stands there; ${OUT} when absent
  --bootstrap HOST   the brokers, as OpenLineage names them; ${BOOTSTRAP} when absent
  --help             shows this

SOURCE_DATE_EPOCH (seconds) is the time that OpenLineage events get, for builds that can be repeated; now when absent.

Exit codes: 0 written, 1 the contracts are wrong, 2 wrong usage
`;

/** A command line that cannot be followed; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface CatalogOptions {
  readonly help: boolean;
  /** An absolute path that nothing else stands at. */
  readonly out: string;
  /** `host:port`, several with commas between them. */
  readonly bootstrap: string;
  /** RFC 3339. */
  readonly eventTime: string;
}

/** Reads the options, paths relative to `root`. Throws `UsageError`. */
export function parseOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  root: string,
): CatalogOptions {
  const { out, bootstrap, help } = read(args);
  const epoch = env['SOURCE_DATE_EPOCH'];
  const seconds = epoch === undefined ? Date.now() / 1000 : parseSourceDateEpoch(epoch);
  if (seconds === undefined) throw new UsageError(badSourceDateEpoch(epoch ?? ''));
  if (!/^[\w.[\]:-]+:\d+(?:,[\w.[\]:-]+:\d+)*$/.test(bootstrap))
    throw new UsageError(`--bootstrap has to be host:port, for example ${BOOTSTRAP}, and is "${bootstrap}".`);
  if (out.trim() === '') throw new UsageError('--out has to name a folder.');
  const folder = resolve(root, out);
  if (existsSync(folder) && !mayReplace(folder))
    throw new UsageError(`${out} holds something else than a catalogue; name an empty folder.`);
  return { help, out: folder, bootstrap, eventTime: new Date(seconds * 1000).toISOString() };
}

function read(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        out: { type: 'string', default: OUT },
        bootstrap: { type: 'string', default: BOOTSTRAP },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** What is not ours is not thrown away. */
function mayReplace(path: string): boolean {
  if (!statSync(path).isDirectory()) return false;
  const files = readdirSync(path);
  return files.length === 0 || files.includes('search-index.js');
}
