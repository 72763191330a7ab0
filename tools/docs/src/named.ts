/** Finds what how-tos name in code and this repository does not have: scripts of npm, and files. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface Missing {
  readonly line: number;
  readonly name: string;
  readonly why: string;
}

/** Places in the repository; a name that begins with none of them is something else. */
const FOLDERS = /^(?:apps|charts|docs|gitops|libs|schemas|tools)\//;

/**
 * Returns what `page` (a path relative to `root`) names that is not there. A path with a placeholder (`<app>`, `*`, `$env`, `{`) is not looked for, nor
 * is one with a word of `invented`: what the example of the page makes.
 */
export function missingNames(root: string, page: string, invented: readonly string[] = []): Missing[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  let inBlock = false;
  return readFileSync(join(root, page), 'utf8')
    .split('\n')
    .flatMap((text, index) => {
      const isFence = /^\s*(```|~~~)/.test(text);
      if (isFence) inBlock = !inBlock;
      if (isFence) return [];
      const code = inBlock
        ? [text.replace(/(^|\s)#.*/, '')]
        : [...text.matchAll(/`([^`]+)`/g)].map(([, inner = '']) => inner);
      const missing = (name: string, why: string) => ({ line: index + 1, name, why });
      return code.flatMap((part) => [
        ...[...part.matchAll(/\bnpm run (?:--?\S+ )*([\w:-]+)/g)]
          .map(([, script = '']) => script)
          .filter((script) => scripts[script] === undefined)
          .map((script) => missing(script, 'no such script')),
        ...part
          .split(/[\s'"()[\],;:=]+/)
          .filter((word) => FOLDERS.test(word) && !/[<>*$|{}…]/.test(word))
          .filter((word) => !invented.some((name) => word.includes(name)))
          .filter(
            (word) => !(part.includes('vitest run') ? somethingBeginsWith : existsSync)(join(root, word)),
          )
          .map((word) => missing(word, 'no such file')),
      ]);
    });
}

/** Vitest takes the beginnings of names. */
function somethingBeginsWith(path: string): boolean {
  const folder = dirname(path);
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith(basename(path)));
}
