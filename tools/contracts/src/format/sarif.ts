import type { Finding } from '../finding.ts';
import { RULES } from '../rules.ts';
import type { Rule, RuleCode } from '../rules.ts';

/** Returns the findings as a SARIF 2.1.0 log with all rules, so that code scanning can show and track them. */
export function formatSarif(findings: readonly Finding[]): string {
  const codes = Object.keys(RULES) as RuleCode[];
  const seen = new Map<string, number>();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'contracts', rules: codes.map((code) => descriptor(code, RULES[code])) } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) =>
          result(finding, codes.indexOf(finding.code), fingerprint(finding, seen)),
        ),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function descriptor(code: RuleCode, { title, severity, why, fix, example }: Rule): object {
  return {
    id: code,
    name: title.replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: {
      text: `${why}\n\nFix: ${fix}\n\nExample of what breaks the rule: ${example}`,
      markdown: `${why}\n\n**Fix:** ${fix}\n\nExample of what breaks the rule: \`${example}\``,
    },
    defaultConfiguration: { level: severity },
  };
}

function result(
  { code, severity, file, line, column, field, message, why, fix, level, breaks, steps = [] }: Finding,
  ruleIndex: number,
  identity: string,
): object {
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: {
      text: `${field === '' ? '' : `${field}: `}${message}. ${[why, fix, ...steps].join(' ')}`,
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(file).replaceAll('#', '%23').replaceAll('?', '%3F') },
          region: { startLine: line, startColumn: column },
        },
        ...(field !== '' && { logicalLocations: [{ fullyQualifiedName: field }] }),
      },
    ],
    ...(level && { properties: { level, breaks: breaks ?? [] } }),
    partialFingerprints: { 'contractFinding/v1': identity },
  };
}

/** Not with the line: a finding stays the same when lines are added above it. Equal ones are counted, or they would be one. */
function fingerprint({ code, file, field, message }: Finding, seen: Map<string, number>): string {
  const text = [code, file, field, message].join('|');
  const ordinal = (seen.get(text) ?? 0) + 1;
  seen.set(text, ordinal);
  return ordinal === 1 ? text : `${text}|${ordinal}`;
}
