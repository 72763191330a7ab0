import type { Finding } from '../../finding.ts';

/** Returns everything a finding says, as lines; for tests that compare it word for word. */
export function wholeText(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ file, line, column, severity, code, field, message, why, fix }) => [
    `${file}:${line}:${column} ${severity} ${code} ${field === '' ? '' : `${field}: `}${message}`,
    `  why: ${why}`,
    `  fix: ${fix}`,
  ]);
}
