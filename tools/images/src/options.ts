/** The command line of `npm run image-tree`. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { badSourceDateEpoch, parseSourceDateEpoch } from '@eda/catalog/source-date-epoch';
import { UsageError } from './errors.ts';
import { mayReplace } from './image-tree.ts';
import type { Target } from './lockfile.ts';

const OUT = 'dist/images';
const CPUS = ['x64', 'arm64'];

export const HELP = `Assembles what an image holds, in a folder: an app or a tool, its libraries, and the npm packages they need at run time.

Usage: npm run image-tree -- <image> [options]

Options:
  --out FOLDER   where it goes, in place of what stands there; ${OUT}/<image> when absent
  --cpu CPU      what the image is to run on: ${CPUS.join(' or ')}; this machine's when absent
  --help         shows this

SOURCE_DATE_EPOCH (seconds) is the time that all files get; when absent that of the commit, and where git is absent too, now.
Run an app from its tree with: npx node dist/images/<app>/apps/<app>/src/main.ts

Exit codes: 0 written, 1 not to be made or larger than it may be, 2 wrong usage
`;

export interface ImageTreeCommand {
  readonly image: string;
  /** An absolute path that nothing else stands at. */
  readonly out: string;
  readonly target: Target;
  /** Seconds since 1970. */
  readonly epoch?: number;
}

interface Workspace {
  readonly root: string;
  readonly images: readonly string[];
}

/** Reads the options, paths relative to the workspace. Throws `UsageError`. */
export function parseOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { root, images }: Workspace,
): ImageTreeCommand | 'help' {
  const { values, positionals } = read(args);
  if (values.help) return 'help';
  const [image, ...more] = positionals;
  if (image === undefined) throw new UsageError(`An image is missing, one of ${images.join(', ')}.`);
  if (more.length > 0) throw new UsageError(`One image at a time; "${more.join(' ')}" is not expected.`);
  if (!images.includes(image))
    throw new UsageError(`There is no image "${image}". Images: ${images.join(', ')}.`);
  if (!CPUS.includes(values.cpu))
    throw new UsageError(`--cpu has to be ${CPUS.join(' or ')}, and is "${values.cpu}".`);
  const out = values.out ?? `${OUT}/${image}`;
  if (out.trim() === '') throw new UsageError('--out has to name a folder.');
  const folder = resolve(root, out);
  if (!mayReplace(folder))
    throw new UsageError(`${out} holds something else than an image tree; name an empty folder.`);
  return {
    image,
    out: folder,
    target: { os: 'linux', cpu: values.cpu, libc: 'glibc' },
    ...epochOf(env['SOURCE_DATE_EPOCH']),
  };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        out: { type: 'string' },
        cpu: { type: 'string', default: process.arch },
        help: { type: 'boolean', short: 'h', default: false },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function epochOf(text: string | undefined): { readonly epoch?: number } {
  if (text === undefined || text === '') return {};
  const epoch = parseSourceDateEpoch(text);
  if (epoch === undefined) throw new UsageError(badSourceDateEpoch(text));
  return { epoch };
}
