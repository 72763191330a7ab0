/** Finds the links of Markdown pages that lead to no file or no heading of this repository. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export interface DeadLink {
  readonly page: string;
  readonly line: number;
  readonly target: string;
  readonly why: string;
}

const withoutCode = (text: string) =>
  text.replace(/^(```|~~~)[\s\S]*?^\1/gm, (block) => block.replace(/[^\n]/g, '')).replace(/`[^`\n]*`/g, '');

/** Returns the anchor that a heading gets on the page, as GitHub makes it. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

function anchorsOf(text: string): Set<string> {
  return new Set([...text.matchAll(/^#{1,6}\s+(.+)$/gm)].map(([, heading = '']) => anchorOf(heading)));
}

/** Returns the dead links of `page` (a path relative to `root`); links to other hosts are not followed. */
export function deadLinks(root: string, page: string): DeadLink[] {
  const lines = withoutCode(readFileSync(join(root, page), 'utf8')).split('\n');
  return lines.flatMap((text, index) =>
    [...text.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].flatMap(([, target = '']) => {
      if (/^[a-z]+:/i.test(target)) return [];
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : normalize(join(dirname(page), decodeURIComponent(path)));
      const dead = (why: string) => [{ page, line: index + 1, target, why }];
      if (file.startsWith('..')) return dead('leads out of the repository');
      if (!existsSync(join(root, file))) return dead('no such file');
      if (anchor === undefined || !file.endsWith('.md')) return [];
      return anchorsOf(readFileSync(join(root, file), 'utf8')).has(anchor) ? [] : dead('no such heading');
    }),
  );
}
