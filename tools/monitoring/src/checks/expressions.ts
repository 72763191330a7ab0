/** Rules ask only for metrics that something tells, by labels that these have, and name them in their texts. */
import type { Sample } from '../metric-list.ts';
import type { Rule } from '../chart.ts';
import { addRecorded, lookupIn } from '../known-metrics.ts';
import { analyse } from '../promql.ts';

/** Returns what is wrong with the expressions and texts of `rules`. What they record is added to `known`. */
export function checkExpressions(rules: readonly Rule[], known: Map<string, Sample>): string[] {
  addRecorded(known, rules);
  const lookup = lookupIn(known);
  return rules.flatMap((rule) => {
    const where = `${rule.file}: ${rule.alert ?? rule.record ?? 'a rule without a name'}`;
    const { problems, labels } = analyse(rule.expr, lookup);
    const there = new Set([...labels, ...Object.keys(rule.labels ?? {})]);
    const missing = problems.length > 0 ? [] : labelsIn(rule).filter((label) => !there.has(label));
    return [
      ...problems.map((problem) => `${where}: expr ${problem}.`),
      ...missing.map(
        (label) => `${where}: a text names {{ $labels.${label} }}, which its expression does not have.`,
      ),
    ];
  });
}

/** The labels that the texts of an alert name. */
export function labelsIn({ annotations = {} }: Pick<Rule, 'annotations'>): string[] {
  const found = Object.values(annotations).flatMap((text) =>
    [...text.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label),
  );
  return [...new Set(found)];
}
