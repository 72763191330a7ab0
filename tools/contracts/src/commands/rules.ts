import { rulesPage } from '../rules-page.ts';
import type { Command } from './command.ts';

/** `contracts rules`: what contracts are held to. */
export const rulesCommand: Command = {
  summary: 'prints the rules as a page in Markdown',
  help: `Prints the rules that \`contracts lint\` checks as a page in Markdown.

Usage: npx --silent contracts rules > docs/reference/contract-rules.md

Exit codes: 0 all is well, 2 wrong usage
`,
  options: {},
  run({ output: { out } }) {
    out(rulesPage());
    return 0;
  },
};
