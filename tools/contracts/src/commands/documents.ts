import { FORMATS } from '../format/formats.ts';
import type { Command } from './command.ts';
import { ROOT_HELP, ROOT_OPTION } from './command.ts';
import { chosenFormat, FORMAT_HELP } from './format-option.ts';

/** `contracts documents`: AsyncAPI and OpenAPI documents by the rules of the house. */
export const documentsCommand: Command = {
  summary: 'holds AsyncAPI and OpenAPI documents against schemas/.spectral.yaml',
  help: `Checks apps/*/asyncapi.yaml, apps/*/openapi.json and schemas/asyncapi by the rules in schemas/.spectral.yaml, with Spectral. Whether
they are right otherwise is the business of lint. Reads only, and fetches nothing.
docs/reference/contract-rules.md explains each code.

Usage: npx contracts documents [--format <format>] [--root <folder>]

Options:
${FORMAT_HELP}${ROOT_HELP}  --help     shows this

Exit codes: 0 no findings, 1 findings, 2 cannot run
`,
  options: { format: { type: 'string', default: 'text' }, ...ROOT_OPTION },
  async run({ root, options, output }) {
    const format = chosenFormat(FORMATS, { options });
    // Only here: no other command needs Spectral.
    const { checkDocuments } = await import('../documents/check-documents.ts');
    const findings = await checkDocuments(root);
    output.out(format(findings, { colours: output.colours === true }));
    return findings.length === 0 ? 0 : 1;
  },
};
