import type ts from 'typescript';
import type { Json } from '../contract-model.ts';
import { isObject } from '../json.ts';
import type { Problem } from '../problems.ts';
import { isThere } from '../read/list-files.ts';
import type { Path, Position } from '../read/source-file.ts';
import type { Sources } from '../read/sources.ts';
import type { AppCode } from './app-code.ts';
import { compiler } from './compiler.ts';
import { orTooDeep, parseCode, positionOf, visit } from './parse-code.ts';

/** What the framework and libs/service answer by themselves: success, requests that are refused, and outages. */
const OF_THE_LIBRARY: readonly string[] = ['200', '400', '413', '415', '500', '503'];
const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

interface Answer {
  /** Undefined for one that is computed. */
  readonly status: string | undefined;
  readonly file: string;
  readonly position: Position;
}

/** A status in an OpenAPI document. */
interface Declared {
  readonly status: string;
  readonly path: Path;
}

/**
 * Checks that each app with an `openapi.json` answers the statuses in it, and no others: those that stand as numbers in
 * `problem(404)`, `reply.code(202)` or `reply.status(202)`. Adds what does not fit to `problems`. That document and routes are
 * alike otherwise is proven by the test of each app that makes the one of the other.
 */
export function checkStatusCodes(sources: Sources, code: readonly AppCode[], problems: Problem[]): void {
  for (const [app, files] of Map.groupBy(code, (file) => file.app)) {
    const document = `apps/${app}/openapi.json`;
    if (!isThere(sources.tree, document)) {
      reportUndescribed(app, files, problems);
      continue;
    }
    const content = sources.json(document, problems)?.content;
    if (content === undefined) continue;
    const declared = declaredIn(content);
    if (!declared) {
      problems.push({
        code: 'C029',
        file: document,
        field: '',
        what: 'has no "paths"',
        fix: `Write it from the routes: npm run openapi -w apps/${app}.`,
      });
      continue;
    }
    const found = files.map((file) => orTooDeep(file.file, problems, () => answersIn(file)));
    const answers = found.flatMap((some) => some ?? []);
    reportUndeclared(app, answers, declared, problems);
    const isKnown = !found.includes(undefined) && answers.every(({ status }) => status !== undefined);
    // What is not found may be computed, or stand in a file that could not be read.
    if (isKnown) reportUnanswered(app, answers, declared, problems);
  }
}

/** An app says by the option `openapi` of `createHttpApp` that its routes are for others. */
function reportUndescribed(app: string, files: readonly AppCode[], problems: Problem[]): void {
  for (const { file, text } of files) {
    if (!text.includes('createHttpApp')) continue;
    const source = orTooDeep(file, problems, () => parseCode(file, text));
    const option = source && findOption(source);
    if (!source || !option) continue;
    problems.push({
      code: 'C029',
      file,
      field: '',
      position: positionOf(source, option),
      what: `the routes of ${app} are described, and there is no apps/${app}/openapi.json`,
      fix: `Write it from the routes, as in apps/store: npm run openapi -w apps/${app}.`,
    });
  }
}

function findOption(source: ts.SourceFile): ts.Node | undefined {
  let option: ts.Node | undefined;
  visit(source, (node) => {
    if (!compiler.isCallExpression(node) || node.expression.getText(source) !== 'createHttpApp') return true;
    const [options] = node.arguments;
    if (options && compiler.isObjectLiteralExpression(options))
      option ??= options.properties.find(({ name }) => name?.getText(source) === 'openapi');
    return true;
  });
  return option;
}

function reportUndeclared(
  app: string,
  answers: readonly Answer[],
  declared: readonly Declared[],
  problems: Problem[],
): void {
  const known = new Set(declared.map(({ status }) => status.toUpperCase()));
  const told = new Set<string>();
  for (const { status, file, position } of answers) {
    if (status === undefined || told.has(status)) continue;
    if ([status, `${status.slice(0, 1)}XX`, 'DEFAULT'].some((name) => known.has(name))) continue;
    // One place is enough to find the others.
    told.add(status);
    problems.push({
      code: 'C029',
      file,
      field: '',
      position,
      what: `${app} answers ${status}, which no operation in apps/${app}/openapi.json has`,
      fix: `Add ${status} to the "response" of the route, then npm run openapi -w apps/${app}.`,
    });
  }
}

function reportUnanswered(
  app: string,
  answers: readonly Answer[],
  declared: readonly Declared[],
  problems: Problem[],
): void {
  const known = new Set([...OF_THE_LIBRARY, ...answers.map(({ status }) => status)]);
  for (const { status, path } of declared) {
    if (!/^\d{3}$/.test(status) || known.has(status)) continue;
    known.add(status);
    problems.push({
      code: 'C029',
      file: `apps/${app}/openapi.json`,
      field: path.join('.'),
      path,
      what: `nothing in apps/${app}/src answers ${status}`,
      fix: `Take ${status} out of the "response" of the route, then npm run openapi -w apps/${app}.`,
    });
  }
}

function declaredIn(document: Json): Declared[] | undefined {
  const paths = isObject(document) ? document['paths'] : undefined;
  if (!isObject(paths)) return undefined;
  return Object.entries(paths).flatMap(([url, operations]) =>
    METHODS.flatMap((method) => {
      const operation = isObject(operations) ? operations[method] : undefined;
      const responses = isObject(operation) ? operation['responses'] : undefined;
      return Object.keys(isObject(responses) ? responses : {}).map((status) => ({
        status,
        path: ['paths', url, method, 'responses', status],
      }));
    }),
  );
}

function answersIn({ file, text }: AppCode): Answer[] {
  if (!/\b(?:problem|code|status)\(/.test(text)) return [];
  const source = parseCode(file, text);
  const answers: Answer[] = [];
  visit(source, (node) => {
    const argument = statusArgument(node);
    if (!argument) return true;
    const numbers: ts.Node[] = [];
    visit(argument, (inner) => {
      if (compiler.isNumericLiteral(inner)) numbers.push(inner);
      return true;
    });
    const position = positionOf(source, argument);
    if (numbers.length === 0) answers.push({ status: undefined, file, position });
    for (const number of numbers)
      answers.push({ status: number.getText(source), file, position: positionOf(source, number) });
    return true;
  });
  return answers;
}

/** The argument of a call that answers with a status, if the node is one. */
function statusArgument(node: ts.Node): ts.Expression | undefined {
  if (!compiler.isCallExpression(node)) return undefined;
  const { expression: callee, arguments: given } = node;
  const isProblem = compiler.isIdentifier(callee) && callee.text === 'problem';
  const isReply =
    compiler.isPropertyAccessExpression(callee) && ['code', 'status'].includes(callee.name.text);
  return isProblem || isReply ? given[0] : undefined;
}
