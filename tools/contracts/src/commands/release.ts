import type { Command } from './command.ts';
import { ROOT_HELP, ROOT_OPTION } from './command.ts';

/** `contracts release`: the versions that every later one is compared with. */
export const releaseCommand: Command = {
  summary: 'freezes each new or changed event in schemas/history',
  help: `Freezes each new or changed event as its next version: its schema and its example as bytes in schemas/history, and an entry
in schemas/contracts.lock.json. What is there stays as it is: it stands for records in topics and for services that run.

Usage: npx contracts release [--root <folder>]

Options:
${ROOT_HELP}  --help     shows this

Exit codes: 0 all is well, 1 the contracts are wrong, 2 wrong usage
`,
  options: ROOT_OPTION,
  async run({ root, output: { out } }) {
    const { release } = await import('../check/release.ts');
    const releases = release(root);
    out(
      releases.length === 0
        ? 'Nothing new to release\n'
        : releases.map(({ subject, version, file }) => `Released ${subject} ${version}: ${file}\n`).join(''),
    );
    return 0;
  },
};
