import type { Json } from '../contract-model.ts';
import type { Finding } from '../finding.ts';
import { byPlace } from '../finding.ts';
import { isObject } from '../json.ts';
import type { Problem } from '../problems.ts';
import { RULES } from '../rules.ts';
import type { Rule } from '../rules.ts';
import { sha256Of } from '../sha256-of.ts';
import type { FileTree } from './file-tree.ts';
import { jsonSource } from './json-source.ts';
import { readText } from './read-text.ts';
import type { SizeLimit } from './read-text.ts';
import { START, Unreadable } from './source-file.ts';
import type { Path, Position, SourceFile } from './source-file.ts';
import { yamlSource } from './yaml-source.ts';

/** A schema as it is registered, and as the lock knows it. */
export interface CompactJson {
  readonly text: string;
  readonly sha256: string;
}

/** Other sources, some files of which are the same here. */
export interface Twin {
  readonly sources: Sources;
  readonly isSame: (file: string) => boolean;
}

type Parse = (file: string, text: string) => SourceFile;

/** The contracts of one repository as files: each is read once, and every problem finds its place in them. */
export class Sources {
  readonly tree: FileTree;
  readonly #files = new Map<string, SourceFile>();
  readonly #compact = new Map<string, CompactJson>();
  readonly #twin: Twin | undefined;

  /** What `twin` has read already is not read again. */
  constructor(tree: FileTree, twin?: Twin) {
    this.tree = tree;
    this.#twin = twin;
  }

  /** Parses a JSON file; adds to `problems` and returns undefined when it is not JSON. */
  json(file: string, problems: Problem[], limit?: SizeLimit): SourceFile | undefined {
    return this.#read(file, jsonSource, problems, limit);
  }

  /** Parses a YAML file; adds to `problems` and returns undefined when it is not YAML. */
  yaml(file: string, problems: Problem[]): SourceFile | undefined {
    return this.#read(file, yamlSource, problems);
  }

  /** Returns the JSON in the file on one line; undefined when it is none, of which `json` says more. */
  compactJson(file: string): CompactJson | undefined {
    const twin = this.#twinWith(file);
    const known = twin ? twin.#compact.get(file) : undefined;
    if (known !== undefined) return known;
    try {
      const text = JSON.stringify(JSON.parse(readText(this.tree, file)));
      const compact = { text, sha256: sha256Of(text) };
      this.#compact.set(file, compact);
      return compact;
    } catch (error) {
      if (error instanceof Unreadable || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** Returns what the file holds, undefined when it was not read or could not be. */
  content(file: string): Json | undefined {
    return this.#files.get(file)?.content;
  }

  /** Returns the problems with their places, in the order of the files. */
  findings(problems: readonly Problem[]): Finding[] {
    const findings = problems.map((problem) => this.#finding(problem)).sort(byPlace);
    // What a schema and the types in it have wrong together is found once for each of them.
    return findings.filter((finding, index) => index === 0 || !isSame(finding, findings[index - 1]));
  }

  #read(file: string, parse: Parse, problems: Problem[], limit?: SizeLimit): SourceFile | undefined {
    try {
      const twin = this.#twinWith(file);
      const known = twin ? twin.#files.get(file) : undefined;
      const source = known ?? parse(file, readText(this.tree, file, limit));
      this.#files.set(file, source);
      return source;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      const { message: what, position, fix } = error;
      problems.push({ code: 'C032', file, field: '', what, fix, position });
      return undefined;
    }
  }

  /** The other sources, if the file is the same in them. */
  #twinWith(file: string): Sources | undefined {
    return this.#twin?.isSame(file) === true ? this.#twin.sources : undefined;
  }

  #finding(problem: Problem): Finding {
    const { code, file, field, what } = problem;
    const { severity, why, fix }: Rule = RULES[code];
    const { level, breaks, steps } = problem;
    return {
      code,
      severity: problem.severity ?? severity,
      file,
      ...(problem.position ?? this.#locate(problem)),
      field,
      message: what,
      why: problem.why ?? why,
      fix: problem.fix ?? fix,
      ...(level && { level }),
      ...(breaks && { breaks }),
      ...(steps && { steps }),
    };
  }

  #locate({ file, field, path, part }: Problem): Position {
    const source = this.#files.get(file);
    return source ? source.locate(path ?? pathOf(source, field), part) : START;
  }
}

function isSame(a: Finding, b: Finding | undefined): boolean {
  return b !== undefined && byPlace(a, b) === 0 && a.field === b.field && a.message === b.message;
}

/** Follows a dotted field into the document; names that hold dots themselves, such as `retention.ms`, are recognised there. */
function pathOf({ content }: SourceFile, field: string): Path {
  const path: string[] = [];
  let parts = field === '' ? [] : field.split('.');
  let value: unknown = content;
  while (parts.length > 0) {
    const count = isObject(value) ? longestKey(value, parts) : 1;
    const key = parts.slice(0, count).join('.');
    path.push(key);
    value = Array.isArray(value)
      ? (value as unknown[])[Number(key)]
      : isObject(value)
        ? value[key]
        : undefined;
    parts = parts.slice(count);
  }
  return path;
}

function longestKey(value: object, parts: readonly string[]): number {
  for (let count = parts.length; count > 1; count -= 1) {
    if (Object.hasOwn(value, parts.slice(0, count).join('.'))) return count;
  }
  return 1;
}
