/** Renames in texts: each name as a whole, all of them at once, so that no name is found in what another one became. */

export interface Renaming {
  readonly from: string;
  readonly to: string;
  /** What must not stand before it. */
  readonly notAfter?: string;
  /** What must stand after it; an expression. */
  readonly before?: string;
  /** Beginnings of paths in which it stays. */
  readonly notIn?: readonly string[];
}

/** Returns the text of a file with the renamings that hold there; of two that fit, the first one counts. */
export function rename(file: string, text: string, renamings: readonly Renaming[]): string {
  const here = renamings.filter(({ notIn = [] }) => !notIn.some((path) => file.startsWith(path)));
  if (here.length === 0) return text;
  const patterns = here.map(
    ({ from, notAfter, before }) =>
      `(${notAfter === undefined ? '' : `(?<!${escaped(notAfter)})`}${escaped(from)}${before === undefined ? '' : `(?=${before})`})`,
  );
  return text.replace(new RegExp(patterns.join('|'), 'g'), (found, ...groups: unknown[]) => {
    const at = groups.slice(0, here.length).findIndex((group) => group !== undefined);
    return here[at]?.to ?? found;
  });
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
