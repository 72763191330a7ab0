import type { EventMeta, Json, NamedType } from './contract-model.ts';
import { isObject } from './json.ts';
import { didYouMean } from './problems.ts';
import type { Problem } from './problems.ts';

/** Checks that the fields in `pii` exist (`customer.name` reaches into records), and that they are not kept for ever. */
export function checkPersonalData(
  { file, pii, class: kind, config }: EventMeta,
  record: NamedType,
  types: readonly NamedType[],
  problems: Problem[],
): void {
  for (const [index, field] of pii.entries()) {
    const wrong = findMissing(field.split('.'), record, types);
    if (wrong)
      problems.push({
        code: 'C034',
        file,
        field: `pii.${index}`,
        what: `"${field}" is not a field of ${record.name}`,
        why: 'Personal data would be taken for something else.',
        fix: didYouMean(wrong.step, wrong.known) ?? `Name one of ${wrong.known.join(', ')}.`,
      });
  }
  if (pii.length > 0 && kind === 'event' && config['retention.ms'] === '-1')
    problems.push({
      code: 'C035',
      file,
      field: 'retention',
      what: `${pii.join(', ')} would be kept for ever`,
    });
}

function findMissing(
  [step = '', ...rest]: readonly string[],
  record: NamedType,
  types: readonly NamedType[],
): { step: string; known: string[] } | undefined {
  const fields = record.definition['fields'] as readonly { readonly name: string; readonly type: Json }[];
  const field = fields.find(({ name }) => name === step);
  const known = fields.map(({ name }) => name);
  if (!field) return { step, known };
  if (rest.length === 0) return undefined;
  const inner = recordIn(field.type, types);
  return inner ? findMissing(rest, inner, types) : { step: rest.join('.'), known };
}

/** The record that a field holds, by itself or in a union, list or map. */
function recordIn(type: Json, types: readonly NamedType[]): NamedType | undefined {
  if (typeof type === 'string')
    return types.find(({ fullName, definition }) => fullName === type && definition['type'] === 'record');
  if (Array.isArray(type))
    return (type as readonly Json[]).map((branch) => recordIn(branch, types)).find((found) => found);
  return isObject(type) ? recordIn(type['items'] ?? type['values'] ?? null, types) : undefined;
}
