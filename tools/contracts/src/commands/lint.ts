import { FORMATS } from '../format/formats.ts';
import type { Command } from './command.ts';
import { ROOT_HELP, ROOT_OPTION, WrongUsage } from './command.ts';
import { chosenFormat, FORMAT_HELP } from './format-option.ts';

/** `contracts lint`: everything that is wrong with the contracts, each with its place and how to put it right. */
export const lintCommand: Command = {
  summary: 'finds what is wrong with schemas, documents and their use',
  help: `Checks schemas/, apps/*/asyncapi.yaml, apps/*/consumes and how apps/*/src uses them. Reads only, and needs neither network nor registry.
docs/reference/contract-rules.md explains each code.

Usage: npx contracts lint [--format <format>] [--root <folder>]

Options:
${FORMAT_HELP}${ROOT_HELP}  --help     shows this

Exit codes: 0 no findings, 1 findings, 2 cannot run
`,
  options: { format: { type: 'string', default: 'text' }, ...ROOT_OPTION },
  async run({ root, options, output }) {
    const format = chosenFormat(FORMATS, { options });
    // Only here: it reads TypeScript, and the compiler of that takes longer to load than all the rest.
    const { CannotLint, lint } = await import('../lint/lint.ts');
    let findings;
    try {
      findings = lint(root);
    } catch (error) {
      throw error instanceof CannotLint ? new WrongUsage(error.message) : error;
    }
    output.out(format(findings, { colours: output.colours === true }));
    return findings.length === 0 ? 0 : 1;
  },
};
