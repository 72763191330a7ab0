import ts from 'typescript';
import type { Position } from '../read/source-file.ts';

/** Returns the syntax tree; never throws, what cannot be parsed is left out. */
export function parseCode(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(
    file,
    text,
    { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone },
    true,
  );
}

/** Calls `onNode` for every node from the outside in; returning false leaves out what is in it. */
export function visit(node: ts.Node, onNode: (node: ts.Node) => boolean): void {
  if (onNode(node)) ts.forEachChild(node, (child) => visit(child, onNode));
}

export function positionOf(source: ts.SourceFile, node: ts.Node): Position {
  const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return { line: line + 1, column: character + 1 };
}
