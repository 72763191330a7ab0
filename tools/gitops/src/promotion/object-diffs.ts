/** Two renders of an application, object by object, as people compare texts. */
import { groupOf, type KubeObject } from '@eda/charts';
import { stringify } from 'yaml';
import { type DiffLine, unifiedDiff } from './unified-diff.ts';

const COLOURS: Readonly<Record<DiffLine['sign'], number | undefined>> = {
  '+': 32,
  '-': 31,
  '@': 36,
  ' ': undefined,
};

/** Returns the lines of a unified diff of each object that differs, by their names. */
export function objectDiffs(
  before: readonly KubeObject[],
  after: readonly KubeObject[],
  { colours }: { readonly colours: boolean },
): string[] {
  const [had, has] = [byTitle(before), byTitle(after)];
  return [...new Set([...had.keys(), ...has.keys()])].sort().flatMap((title) => {
    const lines = unifiedDiff(had.get(title) ?? '', has.get(title) ?? '');
    if (lines.length === 0) return [];
    const paint = (code: number | undefined, text: string) =>
      colours && code !== undefined ? `\u001b[${code}m${text}\u001b[0m` : text;
    return [
      paint(1, `--- ${had.has(title) ? title : '/dev/null'}`),
      paint(1, `+++ ${has.has(title) ? title : '/dev/null'}`),
      ...lines.map(({ sign, text }) => paint(COLOURS[sign], sign === '@' ? text : `${sign}${text}`)),
      '',
    ];
  });
}

function byTitle(objects: readonly KubeObject[]): Map<string, string> {
  return new Map(
    objects.map((object) => {
      const { kind, metadata } = object;
      const group = groupOf(object);
      const title = [`${kind}${group === '' ? '' : `.${group}`}`, metadata.namespace, metadata.name];
      // The order of fields says nothing, and templates change it.
      return [
        title.filter(Boolean).join('/'),
        stringify(object, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false }),
      ];
    }),
  );
}
