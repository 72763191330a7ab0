import type { Json } from '../contract-model.ts';

/** The way from the root of a document to a value in it. */
export type Path = readonly (string | number)[];

/** What of an entry is meant: its key or its value. A value that is a mapping or a list is shown by its key. */
export type PathPart = 'key' | 'value';

export interface Position {
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1, in UTF-16 code units. */
  readonly column: number;
}

export const START: Position = { line: 1, column: 1 };

/** A parsed file that knows where everything stands. */
export interface SourceFile {
  /** Path from the root of the repository, with `/`. */
  readonly file: string;
  readonly content: Json;
  /** Returns the place of what `path` leads to, or of the innermost part of the way that is there. */
  readonly locate: (path: Path, part?: PathPart) => Position;
}

/** Returns the locator that `make` makes, which is made when a place is first asked for: of most files, none ever is. */
export function lazily(make: () => SourceFile['locate']): SourceFile['locate'] {
  let locate: SourceFile['locate'] | undefined;
  return (path, part) => (locate ??= make())(path, part);
}

/** How deep mappings and lists may stand in each other: far deeper than any contract, far from what ends a stack. */
export const MAX_DEPTH = 100;

/** Why a file cannot be read: what is wrong with it, and where. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly position: Position;
  readonly fix: string | undefined;

  constructor(what: string, position: Position = START, fix?: string) {
    super(what);
    this.position = position;
    this.fix = fix;
  }
}
