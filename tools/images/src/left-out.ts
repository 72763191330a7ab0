/** What stands in the workspace and is of no use to a running app. */

/** Of our own: tests, what only tests use, and programs that write files of the workspace. */
const OWN = [/\.test\.ts$/, /\.setup\.ts$/, /\/browser-tests\//, /\/write-openapi\.ts$/, /\/tsconfig\.json$/];

/**
 * Of others: what tools for developers read (source maps, type declarations, texts), and what packages publish by oversight. Their tests
 * hold private keys, which scanners of images report. Such a folder is one only at the top of a package: a `lib/spec` is code.
 * Modules are kept, since which of them a package loads is its own affair; licences have to go along.
 */
const OF_OTHERS = [
  /\.map$/,
  /\.d\.[cm]?ts$/,
  /\.(md|markdown)$/i,
  /^(\.|(tests?|__tests__|spec|e2e|docs?|examples?|benchmarks?)\/)/,
  /\.(test|spec)\.[cm]?[jt]s$/,
];
const LICENCE = /(^|\/)(licen[cs]e|notice|copying)[^/]*$/i;

/** Whether an image has the file of a workspace: its package.json and what it runs of `src`. */
export function shipsOwn(path: string): boolean {
  return path === 'package.json' || (path.startsWith('src/') && !OWN.some((rule) => rule.test(path)));
}

/** Whether an image has the file of an npm package; `path` is within the package, with `/`. */
export function shipsOfOthers(path: string): boolean {
  return LICENCE.test(path) || !OF_OTHERS.some((rule) => rule.test(path));
}
