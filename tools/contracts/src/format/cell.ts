/** Returns text of others as it can stand in Markdown: it neither ends a cell of a table nor is taken for markup or a mention. */
export function cell(text: string): string {
  return text
    .replace(/[\\`*_<>|[\]]/g, '\\$&')
    .replace(/@/g, '@\u200b')
    .replace(/\s+/g, ' ');
}
