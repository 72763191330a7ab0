/**
 * What a chart is allowed to do against a policy: charts/<chart>/ci/exceptions.yaml, a list of policy, object (`Kind/name`, `*` stands
 * for any characters) and reason. An exception that excepts nothing is itself a finding, so that none outlives its reason.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { textOf } from '../errors.ts';

export interface Exception {
  readonly policy: string;
  readonly object: string;
  readonly reason: string;
}

/** Where they stand in the folder of a chart. */
export const EXCEPTIONS_FILE = 'ci/exceptions.yaml';

export interface Exceptions {
  readonly exceptions: readonly Exception[];
  /** What is wrong with the list. */
  readonly problems: readonly { readonly path?: string; readonly reason: string }[];
}

/** Returns the exceptions of the chart in `folder`. */
export function readExceptions(folder: string, policies: readonly string[]): Exceptions {
  const file = join(folder, EXCEPTIONS_FILE);
  if (!existsSync(file)) return { exceptions: [], problems: [] };
  return exceptionsIn(readFileSync(file, 'utf8'), policies);
}

/** Returns the exceptions in the text of such a file. */
export function exceptionsIn(text: string, policies: readonly string[]): Exceptions {
  let content: unknown;
  try {
    const document = parseDocument(text);
    if (document.errors[0] !== undefined) throw document.errors[0];
    content = document.toJS();
  } catch (error) {
    return { exceptions: [], problems: [{ reason: `is no YAML: ${textOf(error).split('\n')[0] ?? ''}` }] };
  }
  if (!Array.isArray(content)) {
    return { exceptions: [], problems: [{ reason: 'has to be a list of policy, object and reason' }] };
  }
  const problems: { readonly path?: string; readonly reason: string }[] = [];
  const exceptions: Exception[] = [];
  content.forEach((item: unknown, index) => {
    const problem = problemOf(item, policies);
    if (problem === undefined) exceptions.push(item as Exception);
    else problems.push({ path: `[${index}]`, reason: problem });
  });
  return { exceptions, problems };
}

const KEYS = ['policy', 'object', 'reason'] as const;

function problemOf(item: unknown, policies: readonly string[]): string | undefined {
  const given = (typeof item === 'object' ? (item ?? {}) : {}) as Readonly<Record<string, unknown>>;
  for (const key of KEYS) {
    const value = given[key];
    if (typeof value !== 'string' || value.trim() === '')
      return `${key} is missing; an exception has policy, object and reason`;
  }
  const unknown = Object.keys(given).find((key) => !(KEYS as readonly string[]).includes(key));
  if (unknown !== undefined) return `${unknown} is not known; an exception has policy, object and reason`;
  const policy = String(given['policy']);
  return policies.includes(policy)
    ? undefined
    : `there is no policy "${policy}"; policies: ${policies.join(', ')}`;
}

/** Returns whether an exception is about an object, named `Kind/name`, and a policy. */
export function excepts(exception: Exception, policy: string, object: string): boolean {
  const pattern = exception.object
    .split('*')
    .map((part) => part.replaceAll(/\W/g, '\\$&'))
    .join('.*');
  return exception.policy === policy && new RegExp(`^${pattern}$`).test(object);
}
