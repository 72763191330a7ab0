import { RULES } from './rules.ts';
import type { Rule } from './rules.ts';

/** Returns docs/reference/contract-rules.md: every rule with its reason, its fix and an example. */
export function rulesPage(): string {
  const sections = Object.entries<Rule>(RULES).map(
    ([code, { title, severity, why, fix, example }]) =>
      `## ${code} ${title}\n\n${severity === 'warning' ? 'A warning: generating goes on. ' : ''}${why}\n\n` +
      `- Breaks the rule: ${inlineCode(example)}\n- Fix: ${escape(fix)}\n`,
  );
  return `# Contract rules

What \`npx contracts lint\`, for changes \`npx contracts check\`, and for the wording of documents \`npx contracts documents\` find in \`schemas/\`, \`apps/*/asyncapi.yaml\` and the code
that uses them. This page is made of the
table in [rules.ts](../../tools/contracts/src/rules.ts): \`npx --silent contracts rules > docs/reference/contract-rules.md\`.

Every finding has a code, its place, what is wrong, why it matters and how to put it right. Nothing is generated while there
is an error. Codes are not used twice: C001 to C009 are about schemas, C010 to C019 about changes of a schema that is
already in use, C020 to C029 about documents and topics, C030 on about files and services, C050 on about how documents are written (\`schemas/.spectral.yaml\`).

${sections.join('\n')}`;
}

function inlineCode(text: string): string {
  return `\`${text}\``;
}

/** Angle brackets would be taken for HTML, stars for emphasis. */
function escape(text: string): string {
  return text.replace(/[<*]/g, (character) => `\\${character}`);
}
