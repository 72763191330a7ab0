/** Generated parts of a README that people write. */

/** Returns `text` with `content` between `<!-- name -->` and `<!-- /name -->`; unchanged when there is no such block. */
export function withBlock(text: string, name: string, content: string): string {
  const block = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
  return text.replace(block, (_, open: string, close: string) => `${open}\n${content}\n\n${close}`);
}

/** Returns a text as a cell of a Markdown table holds it. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
