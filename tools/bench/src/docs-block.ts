/** Generated parts of a hand-written document, between marks. */

/** A document without its marks, or with one of them twice. */
export class MarksMissing extends Error {
  readonly code = 'MARKS_MISSING';

  constructor(name: string) {
    super(`the document needs one <!-- ${name}:begin --> and, behind it, one <!-- ${name}:end -->`);
    this.name = 'MarksMissing';
  }
}

/** Returns `document` with `content` between its marks of this name, all else as it was. Throws `MarksMissing`. */
export function replaceBlock(document: string, name: string, content: string): string {
  const begin = `<!-- ${name}:begin -->`;
  const end = `<!-- ${name}:end -->`;
  const [before, ...behindBegin] = document.split(begin);
  const [, ...behindEnd] = (behindBegin[0] ?? '').split(end);
  if (before === undefined || behindBegin.length !== 1 || behindEnd.length !== 1)
    throw new MarksMissing(name);
  return `${before}${begin}\n\n${content.trim()}\n\n${end}${behindEnd[0] ?? ''}`;
}
