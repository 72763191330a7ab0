/** HTML in which everything that is put in is text, unless it was made here. */

/** Finished HTML. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | undefined | readonly Part[];

/** Returns HTML; texts that are put in are escaped, also within attributes in double quotes, and `undefined` is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((text, string, index) => `${text}${toText(parts[index - 1])}${string}`));
}

function toText(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'string') return part.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
  if (typeof part === 'number') return String(part);
  return part === undefined ? '' : part.map(toText).join('');
}
