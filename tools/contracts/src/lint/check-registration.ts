import type ts from 'typescript';
import type { Problem } from '../problems.ts';
import type { AppCode } from './app-code.ts';
import { compiler } from './compiler.ts';
import { orTooDeep, parseCode, positionOf, visit } from './parse-code.ts';

/** Finds services that register schemas: with a client of the registry, with our own tool, or over its HTTP interface. */
export function checkRegistration(code: readonly AppCode[], problems: Problem[]): void {
  for (const { app, file, text } of code) {
    if (!/register|\/versions|applySubjects/i.test(text)) continue;
    orTooDeep(file, problems, () => checkFile({ app, file, text }, problems));
  }
}

function checkFile({ app, file, text }: AppCode, problems: Problem[]): void {
  const source = parseCode(file, text);
  const clients = registryClients(source);
  visit(source, (node) => {
    if (!isRegistration(node, clients)) return true;
    const shown = node.getText(source).split(/[(\n]/)[0] ?? '';
    problems.push({
      code: 'C031',
      file,
      field: '',
      position: positionOf(source, node),
      what: `${app} registers schemas: ${compiler.isCallExpression(node) ? `${shown}(` : shown}`,
    });
    return false;
  });
}

/** Names of variables that hold a client of a schema registry. */
function registryClients(source: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  visit(source, (node) => {
    if (
      compiler.isVariableDeclaration(node) &&
      compiler.isIdentifier(node.name) &&
      node.initializer &&
      compiler.isNewExpression(node.initializer) &&
      /registry/i.test(node.initializer.expression.getText(source))
    )
      names.add(node.name.text);
    return true;
  });
  return names;
}

function isRegistration(node: ts.Node, clients: ReadonlySet<string>): boolean {
  if (compiler.isCallExpression(node)) {
    const { expression: callee } = node;
    if (compiler.isIdentifier(callee)) return callee.text === 'applySubjects';
    if (!compiler.isPropertyAccessExpression(callee) || callee.name.text !== 'register') return false;
    const target = callee.expression.getText();
    return /registry$/i.test(target) || clients.has(target);
  }
  const isText = compiler.isStringLiteralLike(node) || compiler.isTemplateExpression(node);
  return isText && /\/subjects\/.*\/versions[`'"]?$/s.test(node.getText());
}
