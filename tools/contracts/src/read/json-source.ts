import { LineCounter } from 'yaml';
import type { Json } from '../contract-model.ts';
import { JsonSyntaxError, parseJson } from './parse-json.ts';
import type { JsonNode } from './parse-json.ts';
import { lazily, MAX_DEPTH, Unreadable } from './source-file.ts';
import type { Path, Position, SourceFile } from './source-file.ts';

/** Returns the JSON in `text`. Throws `Unreadable`, with the place, when it is none. */
export function jsonSource(file: string, text: string): SourceFile {
  try {
    return { file, content: simpleJson(text) ?? parseJson(text).value, locate: lazily(() => locator(text)) };
  } catch (error) {
    if (error instanceof JsonSyntaxError)
      throw new Unreadable(error.message, positionsIn(text)(error.offset), error.fix);
    throw error;
  }
}

/** A name in quotes before a colon, or a text in quotes anywhere else. */
const TEXTS = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/** Returns the JSON in `text`; undefined when it is none, or something that `parseJson` refuses, and tells the place of. */
function simpleJson(text: string): Json | undefined {
  try {
    const content = JSON.parse(text) as Json;
    const written = text.match(TEXTS)?.filter((found) => found.endsWith(':')).length ?? 0;
    // Of a name that stands twice in one object, one is lost.
    return countNames(content, MAX_DEPTH) === written ? content : undefined;
  } catch {
    return undefined;
  }
}

/** How many names stand in all objects of the value; NaN when it is nested deeper than `levels`. */
function countNames(value: Json, levels: number): number {
  if (levels < 0) return NaN;
  if (typeof value !== 'object' || value === null) return 0;
  let count = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const inner of Object.values<Json>(value)) count += countNames(inner, levels - 1);
  return count;
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
