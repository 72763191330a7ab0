import type ts from 'typescript';
import type { Problem } from '../problems.ts';
import type { Position } from '../read/source-file.ts';
import { compiler } from './compiler.ts';

/** Returns the syntax tree; what cannot be parsed is left out. Throws `RangeError` for what is nested too deeply. */
export function parseCode(file: string, text: string): ts.SourceFile {
  return compiler.createSourceFile(
    file,
    text,
    { languageVersion: compiler.ScriptTarget.Latest, jsDocParsingMode: compiler.JSDocParsingMode.ParseNone },
    true,
  );
}

/** Returns what `use` returns; adds to `problems` and returns undefined when the code in `file` is nested too deeply for it. */
export function orTooDeep<T>(file: string, problems: Problem[], use: () => T): T | undefined {
  try {
    return use();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    problems.push({
      code: 'C032',
      file,
      field: '',
      what: 'is nested too deeply to be read',
      why: 'What it does with the contracts is not known.',
      fix: 'Move what is nested, for example a generated table, into a file that is not code.',
    });
    return undefined;
  }
}

/** Calls `onNode` for every node from the outside in; returning false leaves out what is in it. Throws as `parseCode`. */
export function visit(node: ts.Node, onNode: (node: ts.Node) => boolean): void {
  if (onNode(node)) compiler.forEachChild(node, (child) => visit(child, onNode));
}

export function positionOf(source: ts.SourceFile, node: ts.Node): Position {
  const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return { line: line + 1, column: character + 1 };
}
