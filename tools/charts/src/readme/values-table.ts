/** The table of a chart's values for its README: its own, and those that it imports from the library chart. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { cell, withBlock } from '../apps/readme-block.ts';
import { readChartFile } from '../render/chart-copy.ts';
import { documentedValues, type DocumentedValue, valueAt } from './documented-values.ts';

/** Returns the README of the chart in `folder` with an up-to-date table, by its path; nothing when the chart has none. */
export function readmeWithValues(folder: string): Map<string, string> {
  const file = join(folder, 'README.md');
  if (!existsSync(file)) return new Map();
  const table = valuesTable(folder);
  return new Map([
    [`charts/${basename(folder)}/README.md`, withBlock(readFileSync(file, 'utf8'), 'values', table)],
  ]);
}

/** Returns a Markdown table of all values that have a description; the chart's own default wins over the library's. */
export function valuesTable(folder: string): string {
  const own = readFileSync(join(folder, 'values.yaml'), 'utf8');
  const rows = new Map<string, DocumentedValue>();
  for (const value of importedValues(folder)) rows.set(value.path.join('.'), value);
  const ownValues: unknown = parse(own);
  for (const [name, value] of rows) {
    const mine = valueAt(ownValues, value.path);
    if (mine !== undefined) rows.set(name, { ...value, value: mine });
  }
  for (const value of documentedValues(own)) rows.set(value.path.join('.'), value);
  const names = [...rows.keys()];
  const lines = [...rows].map(([name, { description, value }]) => {
    const hasParts = names.some((other) => other.startsWith(`${name}.`));
    return `| \`${name}\` | ${cell(description)} | ${hasParts ? '' : shown(value)} |`;
  });
  return ['| value | what it is | default |', '| --- | --- | --- |', ...lines].join('\n');
}

/** Returns the values that the chart in `folder` imports from charts it depends on. */
export function importedValues(folder: string): DocumentedValue[] {
  const { dependencies = [] } = readChartFile(folder);
  return dependencies.flatMap(({ name, 'import-values': groups = [] }) => {
    const text = readFileSync(join(folder, '..', name, 'values.yaml'), 'utf8');
    return groups.flatMap((group) => documentedValues(text, ['exports', group]));
  });
}

const MOST = 120;

function shown(value: unknown): string {
  if (value === undefined) return '';
  const text = JSON.stringify(value);
  return `\`${cell(text.length > MOST ? `${text.slice(0, MOST)}…` : text)}\``;
}
