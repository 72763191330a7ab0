/** Makes a clone of this repository somebody's own: its address, its names, and what is generated from them. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Git } from '@eda/contracts-cli/command-line';
import { GitopsError } from '../errors.ts';
import { ORIGINAL } from './original-names.ts';
import { type Renaming, rename } from './rename.ts';
import { filesAddress, imagesAddress } from './repository-address.ts';
import { readRootFile, ROOT_FILE, type RootSettings, withSettings } from './root-file.ts';

export interface AdoptionRequest {
  readonly workspace: string;
  readonly repository: string;
  readonly branch?: string;
  readonly environment?: string;
  readonly scope?: string;
  /** The name for people, and the one that stands in names. */
  readonly product?: { readonly title: string; readonly slug: string };
  /** Where the images are; what the repository's address says without it. */
  readonly images?: string;
}

export interface Adoption {
  readonly files: readonly { readonly file: string; readonly content: string }[];
  readonly scope: { readonly from: string; readonly to: string };
  readonly settings: RootSettings;
  /** What stays, and what to do about it. */
  readonly notes: readonly string[];
}

/** Where the product's name is that of caches and volumes on a developer's machine, or of a module that nobody sees. */
const LOCAL = ['tools/platform/', 'tools/helm/'];
/** Tells what the names were. */
const TELLS = ['docs/how-to/make-it-yours.md'];

/** Returns what would be written; reads only. Throws a `GitopsError` or `CannotCheck`. */
export function prepareAdoption(request: AdoptionRequest): Adoption {
  const { workspace, repository, scope, product } = request;
  const rootText = readText(workspace, ROOT_FILE);
  if (rootText === undefined)
    throw new GitopsError(`${ROOT_FILE} is not there, so nothing says what the cluster runs.`);
  const had = readRootFile(rootText);
  const settings = {
    repository,
    branch: request.branch ?? had.branch,
    environment: request.environment ?? had.environment,
  };
  const now = currentNames(workspace);
  const images = request.images ?? imagesAddress(repository);
  if (product !== undefined && now.product !== ORIGINAL.product && now.product !== product.slug)
    throw new GitopsError(
      `The product is called ${now.product} already. It is renamed once: a name like that cannot be told from other words. ` +
        'Begin with a fresh clone, or rename it by hand.',
    );
  const renamings: Renaming[] = [
    ...withoutSame([
      ...[ORIGINAL.repository, had.repository].map((address) => [
        // In the original, all links are to main.
        filesAddress(address, address === ORIGINAL.repository ? 'main' : had.branch),
        filesAddress(repository, settings.branch),
      ]),
      ...[ORIGINAL.repository, had.repository].map((address) => {
        const from = imagesAddress(address);
        // A name in itself, that the product's must not be found in.
        return [from, images ?? from];
      }),
    ]),
    ...(scope === undefined ? [] : [{ from: now.scope, to: scope, before: String.raw`\\?\/`, notIn: TELLS }]),
    ...(product === undefined || now.product !== ORIGINAL.product
      ? []
      : [
          { from: ORIGINAL.title, to: product.title, notIn: TELLS },
          { from: ORIGINAL.product, to: product.slug, notAfter: '.cache/', notIn: [...LOCAL, ...TELLS] },
        ]),
  ];
  const files = new Git(workspace).files().flatMap((file) => {
    const text = readText(workspace, file);
    if (text === undefined) return [];
    // The address stands where it is written, whatever else it looks like.
    const content =
      file === ROOT_FILE ? rootContent(text, settings, renamings) : rename(file, text, renamings);
    return content === text ? [] : [{ file, content }];
  });
  return {
    files,
    scope: { from: now.scope, to: scope ?? now.scope },
    settings,
    notes:
      images === undefined
        ? [
            `Where images are kept cannot be told from ${repository}: their addresses stay. Give --images to change them.`,
          ]
        : [],
  };
}

function rootContent(text: string, settings: RootSettings, renamings: readonly Renaming[]): string {
  // The old address may look like a name to be changed.
  const placeholder = 'https://address.invalid/';
  const other = rename(ROOT_FILE, withSettings(text, { ...settings, repository: placeholder }), renamings);
  return withSettings(other, settings);
}

function withoutSame(pairs: readonly (readonly (string | undefined)[])[]): Renaming[] {
  const seen = new Set<string>();
  return pairs.flatMap(([from, to]) => {
    if (from === undefined || to === undefined || seen.has(from)) return [];
    seen.add(from);
    return [{ from, to, notIn: TELLS }];
  });
}

function currentNames(workspace: string): { readonly product: string; readonly scope: string } {
  const name = (file: string) => {
    const text = readText(workspace, file);
    if (text === undefined) throw new GitopsError(`${file} is not there.`);
    return (JSON.parse(text) as { name?: string }).name ?? '';
  };
  return { product: name('package.json'), scope: name('tools/gitops/package.json').split('/')[0] ?? '' };
}

/** Returns what a file holds, undefined for what is no text. */
function readText(workspace: string, file: string): string | undefined {
  const path = join(workspace, file);
  // Deleted and not committed, or a link, whose file is renamed by itself.
  if (!existsSync(path) || !lstatSync(path).isFile()) return undefined;
  const bytes = readFileSync(path);
  return bytes.includes(0) ? undefined : bytes.toString('utf8');
}

/** Writes the files, and makes the packages be found by their new names, as `npm ci` will. */
export function applyAdoption(workspace: string, { files, scope }: Adoption): void {
  for (const { file, content } of files) writeFileSync(join(workspace, file), content);
  const [from, to] = [scope.from, scope.to].map((name) => join(workspace, 'node_modules', name));
  if (from === undefined || to === undefined || from === to || !existsSync(from)) return;
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from))
    if (lstatSync(join(from, name)).isSymbolicLink() && !existsSync(join(to, name)))
      symlinkSync(readlinkSync(join(from, name)), join(to, name));
}
