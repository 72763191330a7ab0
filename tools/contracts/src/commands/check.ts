import { didYouMean } from '../problems.ts';
import type { Command } from './command.ts';
import { ROOT_HELP, ROOT_OPTION, WrongUsage } from './command.ts';

/** `contracts check`: what a change of the contracts breaks, and whom. */
export const checkCommand: Command = {
  summary: 'says which consumers a change of the contracts breaks',
  help: `Compares schemas/ and apps/*/asyncapi.yaml with those of a commit, and with every version in schemas/history. Reads only,
and needs neither network nor registry. docs/how-to/change-an-event.md shows how to work with it.

Usage: npx contracts check --against <git ref> [--format <format>] [--root <folder>]

Options:
  --against  what to compare with, for example origin/main
  --format   text      for people (what is meant without the option)
             json      {against, commit, notes, findings, accepted, verdicts}
             github    annotations in a workflow of GitHub Actions
             sarif     SARIF 2.1.0, as code scanning takes it
             markdown  a comment on a pull request
${ROOT_HELP}  --help     shows this

What can break:
  WIRE       Avro cannot read the bytes; a registry refuses the change
  RUNTIME    a registry takes the change, services in Node stop at the first record
  SOURCE     a value has another type in TypeScript
  SEMANTIC   the same bytes mean something else: unit, scale, key, partitions, topic

Exit codes: 0 nothing breaks (there may be warnings), 1 findings, 2 cannot run
`,
  options: {
    against: { type: 'string' },
    format: { type: 'string', default: 'text' },
    ...ROOT_OPTION,
  },
  async run({ root, options, output }) {
    const { CHECK_FORMATS } = await import('../check/formats.ts');
    const name = String(options['format']);
    const format = CHECK_FORMATS.get(name);
    if (!format) {
      const known = [...CHECK_FORMATS.keys()];
      throw new WrongUsage(
        `Unknown format "${name}". ${didYouMean(name, known) ?? `Known are ${known.join(', ')}.`}`,
      );
    }
    const against = options['against'];
    if (typeof against !== 'string' || against === '')
      throw new WrongUsage('check needs a commit to compare with, for example --against origin/main');
    const [{ check }, { CannotCheck }] = await Promise.all([
      import('../check/check.ts'),
      import('../check/cannot-check.ts'),
    ]);
    let result;
    try {
      result = check(root, against);
    } catch (error) {
      throw error instanceof CannotCheck ? new WrongUsage(error.message) : error;
    }
    output.out(format(result, { colours: output.colours === true }));
    return result.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
  },
};
