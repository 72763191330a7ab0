import { LineCounter } from 'yaml';
import { JsonSyntaxError, parseJson } from './parse-json.ts';
import type { JsonNode } from './parse-json.ts';
import { lazily, Unreadable } from './source-file.ts';
import type { Path, Position, SourceFile } from './source-file.ts';

/** Returns the JSON in `text`. Throws `Unreadable`, with the place, when it is none. */
export function jsonSource(file: string, text: string): SourceFile {
  try {
    return { file, content: parseJson(text).value, locate: lazily(() => locator(text)) };
  } catch (error) {
    if (error instanceof JsonSyntaxError)
      throw new Unreadable(error.message, positionsIn(text)(error.offset), error.fix);
    throw error;
  }
}

function locator(text: string): SourceFile['locate'] {
  const root = parseJson(text);
  const position = positionsIn(text);
  return (path, part = 'value') => position(offsetOf(root, path, part));
}

function offsetOf(root: JsonNode, path: Path, part: 'key' | 'value'): number {
  let node = root;
  let offset = root.offset;
  for (const [index, step] of path.entries()) {
    const entry = node.children?.get(step);
    if (!entry) break;
    ({ node } = entry);
    const last = index === path.length - 1;
    offset = node.children || (last && part === 'key') ? entry.keyOffset : node.offset;
  }
  return offset;
}

/** Returns a function from offsets in `text` to lines and columns. */
export function positionsIn(text: string): (offset: number) => Position {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
}
