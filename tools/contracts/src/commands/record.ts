import type { Command } from './command.ts';
import { ROOT_HELP, ROOT_OPTION } from './command.ts';

/** `contracts record`: the bytes that every later version has to read. */
export const recordCommand: Command = {
  summary: 'adds the example of each new or changed event to schemas/golden',
  help: `Adds the example of each new or changed event to schemas/golden, as bytes that every later version of the event must
be able to read; what is there stays as it is.

Usage: npx contracts record [--root <folder>]

Options:
${ROOT_HELP}  --help     shows this

Exit codes: 0 all is well, 1 the contracts are wrong, 2 wrong usage
`,
  options: ROOT_OPTION,
  async run({ root, output: { out } }) {
    const { recordGolden } = await import('../record-golden.ts');
    const files = recordGolden(root);
    out(files.length === 0 ? 'Nothing new to record\n' : files.map((file) => `Recorded ${file}\n`).join(''));
    return 0;
  },
};
