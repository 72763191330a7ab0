import type { Finding } from '../finding.ts';
import { cell } from '../format/cell.ts';
import type { CheckResult } from './check.ts';
import { verdictRows } from './verdict-rows.ts';

/** Returns the result as a comment on a pull request: the verdicts first, then what to do. */
export function formatMarkdown(result: CheckResult): string {
  const { against, commit, findings, accepted, notes } = result;
  const rows = verdictRows(result);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const title =
    errors > 0
      ? 'This change breaks contracts'
      : rows.length > 0
        ? 'This change of contracts is safe'
        : 'The contracts do not change';
  const since = `Compared with \`${against}\`${commit === '' ? '' : ` (${commit.slice(0, 8)})`}.`;
  return [
    `## ${title}\n\n${since}\n`,
    rows.length === 0
      ? ''
      : `| consumer | event | verdict |\n| --- | --- | --- |\n${rows
          .map(
            ({ consumer, event, verdict }) => `| ${cell(consumer)} | ${cell(event)} | ${cell(verdict)} |\n`,
          )
          .join('')}`,
    findings.map(item).join(''),
    accepted.length === 0
      ? ''
      : `Accepted:\n\n${accepted
          .map(({ finding, reason }) => `- ${place(finding)} ${cell(finding.message)}: ${cell(reason)}\n`)
          .join('')}`,
    notes.map((note) => `> ${cell(note)}\n`).join('\n'),
  ]
    .filter((block) => block !== '')
    .join('\n');
}

function item({
  severity,
  code,
  level,
  field,
  message,
  why,
  fix,
  breaks = [],
  steps = [],
  ...where
}: Finding): string {
  const what = `${field === '' ? '' : `${field}: `}${message}`;
  const hit = breaks.length === 0 ? '' : ` Breaks ${breaks.join(', ')}.`;
  return (
    `- **${severity} ${code}${level === undefined ? '' : ` ${level}`}** ${place(where)} ${cell(what)}\n` +
    `  - Why: ${cell(why)}${hit}\n  - Fix: ${cell(fix)}\n` +
    steps.map((step, index) => `    ${index + 1}. ${cell(step)}\n`).join('')
  );
}

function place({ file, line }: Pick<Finding, 'file' | 'line'>): string {
  return `\`${file}:${line}\``;
}
