/** Pieces of TypeScript source, formatted as Prettier would with the settings of this repository. */

const WIDTH = 110;

export const HEADER = `// Generated from schemas/ and apps/*/asyncapi.yaml by \`npm run generate\`. Do not edit.\n`;

/** Returns `text` as a doc comment, wrapped; empty when there is no text. */
export function docComment(text: string, indent = ''): string {
  const clean = text.replaceAll('*/', '* /').replace(/\s+/g, ' ').trim();
  if (clean === '') return '';
  const single = `${indent}/** ${clean} */\n`;
  if (single.length <= WIDTH + 1) return single;
  const lines: string[] = [];
  for (const word of clean.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && `${indent} * ${last} ${word}`.length <= WIDTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
}

/** Printable ASCII that needs no escape between single quotes, as nearly all there is. */
const PLAIN = /^[ -&(-[\]-~]*$/;

/** Returns a string literal in the quotes that need the fewest escapes. */
export function stringLiteral(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`;
  const json = JSON.stringify(text);
  const count = (quote: string) => text.split(quote).length - 1;
  if (count("'") > count('"')) return json;
  return `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** Returns a JSON-like value as a literal; what is undefined is left out. */
export function literal(value: unknown, indent = ''): string {
  if (typeof value === 'string') return stringLiteral(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    const items = value.map((item) => literal(item, inner));
    const line = `[${items.join(', ')}]`;
    if (!value.some((item) => typeof item === 'object') && (indent + line).length <= 80) return line;
    return `[\n${items.map((item) => `${inner}${item},\n`).join('')}${indent}]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) =>
    assignment(`${inner}${property(key)}:`, literal(item, inner), ','),
  );
  return `{\n${lines.join('')}${indent}}`;
}

/** Returns `target value` as one line, or as two when it is too long for one. */
export function assignment(target: string, value: string, end: string): string {
  const tooLong = !value.includes('\n') && `${target} ${value}${end}`.length > WIDTH;
  const indent = target.length - target.trimStart().length + 2;
  return tooLong ? `${target}\n${' '.repeat(indent)}${value}${end}\n` : `${target} ${value}${end}\n`;
}

/** Returns an object key, quoted when it has to be. */
export function property(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : stringLiteral(key);
}

/** `StockMoved` -> `stockMoved` */
export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** `StockMoved` -> `STOCK_MOVED` */
export function constantCase(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toUpperCase();
}
