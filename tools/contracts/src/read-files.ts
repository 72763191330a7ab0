import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { Json } from './contract-model.ts';
import type { Problem } from './problems.ts';

/** A parsed file. */
export interface SourceFile {
  /** Path from the root of the repository, with `/`. */
  readonly file: string;
  readonly content: Json;
}

/** Returns the paths under `folder` (from `root`) that fit `pattern`, sorted, so that every run sees the same order. */
export function listFiles(root: string, folder: string, pattern: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((file) => !file.includes('node_modules/') && pattern.test(file))
    .sort();
}

/** Parses a JSON file; adds to `problems` and returns undefined when it is not JSON. */
export function readJson(root: string, file: string, problems: Problem[]): SourceFile | undefined {
  try {
    return { file, content: JSON.parse(readFileSync(join(root, file), 'utf8')) as Json };
  } catch (error) {
    problems.push({ file, field: '', message: `is not JSON: ${(error as Error).message}` });
    return undefined;
  }
}

/** Parses a YAML file; adds to `problems`, with the line, and returns undefined when it is not YAML. */
export function readYaml(root: string, file: string, problems: Problem[]): SourceFile | undefined {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(join(root, file), 'utf8'), {
    lineCounter: lines,
    prettyErrors: false,
  });
  const [error] = document.errors;
  if (error) {
    const { line } = lines.linePos(error.pos[0]);
    problems.push({ file, field: `line ${line}`, message: `is not YAML: ${error.message}` });
    return undefined;
  }
  return { file, content: document.toJS() as Json };
}

/** True for a JSON object (not an array, not null). */
export function isObject(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the value when it is a text, otherwise an empty one. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
