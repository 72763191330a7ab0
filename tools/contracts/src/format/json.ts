import type { Finding } from '../finding.ts';

/** Returns the findings for programs. */
export function formatJson(findings: readonly Finding[]): string {
  return `${JSON.stringify({ findings }, undefined, 2)}\n`;
}
