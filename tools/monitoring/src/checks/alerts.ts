/** Every alert says how bad it is, what happened and to what. */
import type { Alert } from '../chart.ts';
import { labelsIn } from './expressions.ts';

const SEVERITIES = ['critical', 'warning'];

/** Returns what is missing in `alerts`. */
export function checkAlerts(alerts: readonly Alert[]): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const { alert, file, labels = {}, annotations = {} } of alerts) {
    const complain = (problem: string) => problems.push(`${file}: ${alert}: ${problem}`);
    if (!/^([A-Z][a-z0-9]+)+$/.test(alert)) complain('is not named LikeThis.');
    if (seen.has(alert)) complain('is there twice.');
    seen.add(alert);
    if (!SEVERITIES.includes(labels['severity'] ?? ''))
      complain(`needs the label severity, ${SEVERITIES.join(' or ')}.`);
    for (const annotation of ['summary', 'description'])
      if (!annotations[annotation]) complain(`needs the annotation ${annotation}.`);
    if (/\{\{/.test(annotations['summary'] ?? ''))
      complain('its summary is the same for all; labels belong to the description.');
    if (labelsIn({ annotations }).length === 0)
      complain('its description does not name the object: {{ $labels.… }}.');
    if (annotations['runbook_url'] !== undefined) complain('the chart adds runbook_url; remove it.');
  }
  return problems;
}
