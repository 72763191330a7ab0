import type { Command } from './command.ts';
import { ROOT_HELP, ROOT_OPTION } from './command.ts';

/** `contracts generate`: the contracts as TypeScript, values of charts, reference pages and documents for other tools. */
export const generateCommand: Command = {
  summary: 'writes everything that is made of the contracts',
  help: `Compiles schemas/ and apps/*/asyncapi.yaml into

  libs/contracts/src/generated              TypeScript: types, codec, topics, topology
  charts/kafka-{topics,users}               values of the charts: topics, and the rights of each app
  docs/reference/events                     a page for each event
  apps/*/asyncapi.bundle.json               each document as one that stands alone
  catalog-info.yaml, also of each app       entities for Backstage

Usage: npm run generate [-- --check]
       npx contracts generate [--check] [--root <folder>]

Options:
  --check    writes nothing; exit code 1 when the generated files are out of date
${ROOT_HELP}  --help     shows this

Exit codes: 0 all is well, 1 the contracts are wrong or out of date, 2 wrong usage
`,
  options: { check: { type: 'boolean' }, ...ROOT_OPTION },
  async run({ root, options, output: { out, err } }) {
    const { generate } = await import('../generate.ts');
    const check = options['check'] === true;
    const { files, changed } = generate(root, { check });
    if (check && changed.length > 0) {
      err(`Out of date: ${changed.join(', ')}\nRun: npm run generate\n`);
      return 1;
    }
    const state = changed.length === 0 ? 'up to date' : `${changed.length} changed`;
    out(`${files.length} generated files, ${state}\n`);
    return 0;
  },
};
