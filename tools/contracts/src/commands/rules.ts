import type { Command } from './command.ts';

/** `contracts rules`: what contracts are held to. */
export const rulesCommand: Command = {
  summary: 'prints the rules as a page in Markdown',
  help: `Prints the rules that \`contracts lint\` checks as a page in Markdown.

Usage: npx --silent contracts rules > docs/reference/contract-rules.md

Exit codes: 0 all is well, 2 wrong usage
`,
  options: {},
  async run({ output: { out } }) {
    const { rulesPage } = await import('../rules-page.ts');
    out(rulesPage());
    return 0;
  },
};
