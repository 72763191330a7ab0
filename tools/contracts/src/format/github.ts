import type { Finding } from '../finding.ts';
import { RULES } from '../rules.ts';

/** Returns the findings as commands of GitHub Actions, which show them at their lines in the pull request. */
export function formatGithub(findings: readonly Finding[]): string {
  return findings
    .map(
      ({ code, severity, file, line, column, field, message, why, fix, level, breaks = [], steps = [] }) => {
        const properties = {
          file,
          line: String(line),
          col: String(column),
          title: `${code} ${RULES[code].title}`,
        };
        const pairs = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
        const hit = breaks.length === 0 ? '' : ` Breaks ${breaks.join(', ')}.`;
        const what = `${level === undefined ? '' : `${level} `}${field === '' ? '' : `${field}: `}${message}`;
        const list = steps.map((step, index) => `\n${index + 1}. ${step}`).join('');
        const text = `${what}. ${why}${hit} ${fix}${list}`;
        return `::${severity} ${pairs.join(',')}::${escapeData(text)}\n`;
      },
    )
    .join('');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
