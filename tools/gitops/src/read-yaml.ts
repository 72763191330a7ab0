import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { GitopsError } from './errors.ts';

/** Returns what stands in a file, named from the repository's folder. Throws a `GitopsError` that names file and line when it is no YAML. */
export function readYaml(workspace: string, file: string): unknown {
  try {
    return parse(readFileSync(join(workspace, file), 'utf8'));
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const [{ line } = { line: 1 }] = error.linePos ?? [];
    throw new GitopsError(`${file} is no YAML, line ${line}: ${error.message.split(' at line ', 1)[0]}`);
  }
}
