import type ts from 'typescript';
import type { Position } from '../read/source-file.ts';
import type { AppCode } from './app-code.ts';
import { compiler } from './compiler.ts';
import { parseCode, positionOf, visit } from './parse-code.ts';

/**
 * What code does with a contract. `receive` and `send`: hands it to a function that does so. `resolve`: lists it for the
 * schema catalog, which by itself does neither. `other`: anything else, which may be either.
 */
export type UseKind = 'receive' | 'send' | 'resolve' | 'other';

export interface ContractUse {
  /** The name under which `@eda/contracts` exports the contract, or the topic. */
  readonly name: string;
  readonly kind: UseKind;
  readonly file: string;
  readonly position: Position;
}

const MODULE = '@eda/contracts';
const RECEIVE = new Set(['subscribe', 'subscribeBatch']);
const SEND = new Set([
  'append',
  'appendMany',
  'encode',
  'encodeMany',
  'encodeEvent',
  'publish',
  'publishMany',
]);

/** Returns every place where the code names one of `names`: exports of `@eda/contracts`, or topics as texts. */
export function findContractUses({ file, text }: AppCode, names: ReadonlySet<string>): ContractUse[] {
  if (!mayName(text, names)) return [];
  const source = parseCode(file, text);
  const { locals, namespaces } = importsOf(source);
  const uses: ContractUse[] = [];
  const add = (name: string | undefined, node: ts.Node) => {
    if (name !== undefined && names.has(name))
      uses.push({ name, kind: kindOf(node), file, position: positionOf(source, node) });
  };
  visit(source, (node) => {
    if (compiler.isImportDeclaration(node)) return false;
    if (compiler.isStringLiteralLike(node)) add(node.text, node);
    if (compiler.isPropertyAccessExpression(node) && compiler.isIdentifier(node.expression)) {
      if (namespaces.has(node.expression.text)) add(node.name.text, node);
    }
    if (compiler.isIdentifier(node) && isReference(node)) add(locals.get(node.text), node);
    if (compiler.isExportSpecifier(node) && isFromContracts(node.parent.parent))
      add((node.propertyName ?? node.name).text, node);
    return true;
  });
  return uses;
}

/** Looking for words takes a hundredth of parsing, and most code names no contract. */
function mayName(text: string, names: ReadonlySet<string>): boolean {
  const has = (words: RegExp) => text.match(words)?.some((word) => names.has(word)) ?? false;
  // Topics stand in quotes, names of exports anywhere.
  return has(/(?<=["'`])[\w.-]+(?=["'`])/g) || (text.includes(MODULE) && has(/[A-Za-z_$][\w$]*/g));
}

interface Imports {
  /** Name in this file -> name in the module. Types are not among them. */
  readonly locals: ReadonlyMap<string, string>;
  /** Names of the module as a whole. */
  readonly namespaces: ReadonlySet<string>;
}

function importsOf(source: ts.SourceFile): Imports {
  const locals = new Map<string, string>();
  const namespaces = new Set<string>();
  for (const statement of source.statements) {
    if (!compiler.isImportDeclaration(statement) || !isFromContracts(statement)) continue;
    const clause = statement.importClause;
    if (!clause || clause.phaseModifier === compiler.SyntaxKind.TypeKeyword) continue;
    const bindings = clause.namedBindings;
    if (bindings && compiler.isNamespaceImport(bindings)) namespaces.add(bindings.name.text);
    if (!bindings || !compiler.isNamedImports(bindings)) continue;
    for (const { isTypeOnly, name, propertyName } of bindings.elements) {
      if (!isTypeOnly) locals.set(name.text, (propertyName ?? name).text);
    }
  }
  return { locals, namespaces };
}

function isFromContracts(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  return node.moduleSpecifier !== undefined && compiler.isStringLiteral(node.moduleSpecifier)
    ? node.moduleSpecifier.text === MODULE
    : false;
}

/** False for names that only look the same, of a property or of a member of an object, and for those in types. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (isInTypeQuery(node)) return false;
  if (compiler.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (compiler.isPropertyAssignment(parent) || compiler.isPropertyDeclaration(parent))
    return parent.name !== node;
  return !compiler.isImportSpecifier(parent) && !compiler.isExportSpecifier(parent);
}

/** True in `typeof x` as a type, of which nothing is left when the code runs. */
function isInTypeQuery(node: ts.Node): boolean {
  const { parent } = node;
  return compiler.isTypeQueryNode(parent) || (compiler.isQualifiedName(parent) && isInTypeQuery(parent));
}

function kindOf(node: ts.Node): UseKind {
  const { parent } = node;
  if (compiler.isCallExpression(parent) && parent.arguments.some((argument) => argument === node)) {
    const callee = calleeName(parent.expression);
    if (RECEIVE.has(callee)) return 'receive';
    if (SEND.has(callee)) return 'send';
  }
  const list = compiler.isArrayLiteralExpression(parent) ? parent.parent : undefined;
  const isCatalog =
    list &&
    compiler.isPropertyAssignment(list) &&
    compiler.isIdentifier(list.name) &&
    list.name.text === 'contracts';
  return isCatalog ? 'resolve' : 'other';
}

function calleeName(callee: ts.Expression): string {
  if (compiler.isPropertyAccessExpression(callee)) return callee.name.text;
  return compiler.isIdentifier(callee) ? callee.text : '';
}
