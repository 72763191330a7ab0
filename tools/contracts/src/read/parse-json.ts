import type { Json } from '../contract-model.ts';
import { MAX_DEPTH } from './source-file.ts';

/** A JSON value with the places of all that is in it; offsets count UTF-16 code units from the start of the text. */
export interface JsonNode {
  readonly value: Json;
  readonly offset: number;
  /** Members of an object by name, items of a list by index. */
  readonly children?: ReadonlyMap<string | number, JsonEntry>;
}

export interface JsonEntry {
  /** Where the name of the member stands; for items the same as the value. */
  readonly keyOffset: number;
  readonly node: JsonNode;
}

/** The text is not JSON; `offset` is the first character that cannot stay. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
  readonly offset: number;
  /** A sentence: how to put it right. */
  readonly fix: string;

  constructor(message: string, offset: number, fix: string) {
    super(message);
    this.offset = offset;
    this.fix = fix;
  }
}

const SYNTAX = 'Correct it: JSON has double quotes, no comments, and no comma behind the last entry.';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// eslint-disable-next-line no-control-regex -- JSON forbids exactly these within a text
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const WORD = /[^\s,:[\]{}"]+/y;
const SPACE = /[ \t\r\n]*/y;
const LITERALS: ReadonlyMap<string, Json> = new Map([
  ['null', null],
  ['true', true],
  ['false', false],
]);

/**
 * Parses JSON as `JSON.parse` does, and keeps the places. Throws `JsonSyntaxError`, also for a name that stands twice in one
 * object (of which other parsers take the last and say nothing) and for nesting that no contract has.
 */
export function parseJson(text: string): JsonNode {
  const parser = new Parser(text);
  const node = parser.value(0);
  parser.end();
  return node;
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): JsonNode {
    this.#match(SPACE);
    const offset = this.#at;
    const first = this.#text[offset];
    if (depth > MAX_DEPTH)
      throw new JsonSyntaxError(
        `is nested deeper than ${MAX_DEPTH} levels`,
        offset,
        'Make what is inside a type with a file of its own.',
      );
    if (first === '{') return this.#object(offset, depth);
    if (first === '[') return this.#array(offset, depth);
    if (first === '"') return { value: this.#string(), offset };
    const number = this.#match(NUMBER);
    if (number !== undefined && number !== '') return { value: Number(number), offset };
    const word = this.#match(WORD) ?? '';
    const literal = LITERALS.get(word);
    if (literal !== undefined) return { value: literal, offset };
    throw this.#unexpected('a value', offset);
  }

  end(): void {
    this.#match(SPACE);
    if (this.#at < this.#text.length) throw this.#unexpected('the end of the file', this.#at);
  }

  #object(offset: number, depth: number): JsonNode {
    const children = new Map<string, JsonEntry>();
    this.#at += 1;
    if (!this.#take('}')) {
      do {
        this.#match(SPACE);
        const keyOffset = this.#at;
        if (this.#text[keyOffset] !== '"') throw this.#unexpected('a name in double quotes', keyOffset);
        const key = this.#string();
        if (children.has(key))
          throw new JsonSyntaxError(
            `has the name ${JSON.stringify(key)} twice in one object`,
            keyOffset,
            'Keep one of the two.',
          );
        if (!this.#take(':')) throw this.#unexpected('":"', this.#at);
        children.set(key, { keyOffset, node: this.value(depth + 1) });
      } while (this.#take(','));
      if (!this.#take('}')) throw this.#unexpected('"," or "}"', this.#at);
    }
    // Unlike an assignment, this keeps a member of the name __proto__.
    const value = Object.fromEntries([...children].map(([key, { node }]) => [key, node.value]));
    return { value, offset, children };
  }

  #array(offset: number, depth: number): JsonNode {
    const items: JsonNode[] = [];
    this.#at += 1;
    if (!this.#take(']')) {
      do items.push(this.value(depth + 1));
      while (this.#take(','));
      if (!this.#take(']')) throw this.#unexpected('"," or "]"', this.#at);
    }
    return {
      value: items.map(({ value }) => value),
      offset,
      children: new Map(items.map((node, index) => [index, { keyOffset: node.offset, node }])),
    };
  }

  #string(): string {
    const offset = this.#at;
    const raw = this.#match(STRING);
    if (raw === undefined)
      throw new JsonSyntaxError(
        'is not JSON: a text that is not closed',
        offset,
        'Close it with a double quote; write line breaks in it as \\n.',
      );
    return JSON.parse(raw) as string;
  }

  /** Skips space, then `character`, if it is next; says whether it was. Stays behind the space in any case. */
  #take(character: string): boolean {
    this.#match(SPACE);
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #unexpected(expected: string, offset: number): JsonSyntaxError {
    this.#at = offset;
    const found = this.#match(WORD) ?? this.#text[offset];
    const shown = found === undefined ? 'the end of the file' : JSON.stringify(found.slice(0, 20));
    return new JsonSyntaxError(`is not JSON: expected ${expected}, found ${shown}`, offset, SYNTAX);
  }
}
