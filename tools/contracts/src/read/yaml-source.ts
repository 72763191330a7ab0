import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Node, YAMLError } from 'yaml';
import type { Json } from '../contract-model.ts';
import { isDeeperThan, simpleYaml } from './simple-yaml.ts';
import { lazily, MAX_DEPTH, START, Unreadable } from './source-file.ts';
import type { Path, Position, SourceFile } from './source-file.ts';

const TOO_DEEP = `is nested deeper than ${MAX_DEPTH} levels, or refers to itself`;
const FLATTEN = 'Write less into each other, and no alias within what it stands for.';

/** Returns the YAML in `text`. Throws `Unreadable`, with the place, when it is none or when its anchors would blow it up. */
export function yamlSource(file: string, text: string): SourceFile {
  const content = simpleYaml(text) ?? toJson(parse(text));
  return { file, content, locate: lazily(() => locator(text)) };
}

interface Parsed {
  readonly document: Document;
  readonly position: (offset: number) => Position;
}

function parse(text: string): Parsed {
  const lines = new LineCounter();
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  // What comes first is the cause, however many errors follow from it.
  const [error] = document.errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (error) throw unreadable(error, position(error.pos[0]));
  return { document, position };
}

function locator(text: string): SourceFile['locate'] {
  const { document, position } = parse(text);
  return (path, part = 'value') => position(offsetOf(document.contents, path, part));
}

function unreadable({ code, message }: YAMLError, position: Position): Unreadable {
  // Where the stack ended says nothing about the file.
  if (code === 'RESOURCE_EXHAUSTION') return new Unreadable(TOO_DEEP, START, FLATTEN);
  if (code === 'MULTIPLE_DOCS')
    return new Unreadable('holds more than one document', position, 'Keep one, without a line "---".');
  if (code === 'DUPLICATE_KEY')
    return new Unreadable('has the same key twice in one mapping', position, 'Keep one of the two.');
  return new Unreadable(`is not YAML: ${message.replace(/\.$/, '')}`, position, 'Correct the YAML.');
}

function toJson({ document, position }: Parsed): Json {
  let content: unknown;
  try {
    content = document.toJS();
  } catch (error) {
    const { message } = error as Error;
    throw new Unreadable(
      message.startsWith('Excessive')
        ? 'has aliases of aliases, which would become enormous'
        : `is not YAML: ${message}`,
      position(firstAlias(document)),
      'Write the value itself in place of the alias.',
    );
  }
  if (isDeeperThan(content, MAX_DEPTH))
    throw new Unreadable(TOO_DEEP, position(firstAlias(document)), FLATTEN);
  return content as Json;
}

function firstAlias(document: Document): number {
  let offset = 0;
  visit(document, {
    Alias(_, alias) {
      offset = startOf(alias, 0);
      return visit.BREAK;
    },
  });
  return offset;
}

function offsetOf(root: Node | null, path: Path, part: 'key' | 'value'): number {
  let node: unknown = root;
  let offset = startOf(root, 0);
  for (const [index, step] of path.entries()) {
    const last = index === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
      if (!pair) break;
      const key = startOf(pair.key, offset);
      node = pair.value;
      const asKey = isMap(node) || isSeq(node) || isAlias(node) || node === null || (last && part === 'key');
      offset = asKey ? key : startOf(node, key);
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (node === undefined) break;
      offset = startOf(node, offset);
    } else {
      break;
    }
  }
  return offset;
}

function startOf(node: unknown, otherwise: number): number {
  const range = (node as Partial<Node> | null | undefined)?.range;
  return range ? range[0] : otherwise;
}
