import formats from '@stoplight/spectral-formats';
import functions from '@stoplight/spectral-functions';
import type { RulesetDefinition } from '@stoplight/spectral-core';
import type { Json } from '../contract-model.ts';
import { isObject } from '../json.ts';
import { ContractsInvalid } from '../problems.ts';
import type { Problem } from '../problems.ts';
import type { Sources } from '../read/sources.ts';

/** Where the rules for documents stand, also for editors. */
export const RULESET = 'schemas/.spectral.yaml';

/**
 * Returns the rules of `RULESET`, with the functions and formats that it names. Spectral has a loader for such files only in its
 * command, which bundles them first. Throws `ContractsInvalid` when the file cannot be read or names what is not known.
 */
export function loadRuleset(sources: Sources): RulesetDefinition {
  const problems: Problem[] = [];
  const content = sources.yaml(RULESET, problems)?.content;
  const known = { function: functions as object, formats: formats as object };
  const resolve = (kind: keyof typeof known, name: Json, field: string): unknown => {
    const found = typeof name === 'string' ? (known[kind] as Record<string, unknown>)[name] : undefined;
    if (found === undefined)
      problems.push({
        code: 'C034',
        file: RULESET,
        field,
        what: `Spectral has no ${kind === 'function' ? 'function' : 'format'} ${JSON.stringify(name)}`,
      });
    return found;
  };
  const walk = (value: Json, field: string): unknown => {
    if (Array.isArray(value))
      return (value as readonly Json[]).map((item, index) => walk(item, `${field}.${index}`));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        const place = field === '' ? key : `${field}.${key}`;
        if (key === 'function') return [key, resolve('function', inner, place)];
        if (key === 'formats' && Array.isArray(inner))
          return [key, (inner as readonly Json[]).map((name) => resolve('formats', name, place))];
        return [key, key === 'functionOptions' ? inner : walk(inner, place)];
      }),
    );
  };
  const ruleset = walk(content ?? null, '');
  if (problems.length > 0) throw new ContractsInvalid(sources.findings(problems));
  return ruleset as RulesetDefinition;
}
