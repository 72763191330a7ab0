/** `diff`: what the clusters would do if what stands in the files were merged. */
import { didYouMean } from '@eda/contracts-cli/command-line';
import { resolveTool } from '@eda/helm';
import { formatJson } from '../changes/format-json.ts';
import { formatMarkdown } from '../changes/format-markdown.ts';
import { formatText } from '../changes/format-text.ts';
import { lostIn, type RepositoryChanges, repositoryChanges } from '../changes/repository-changes.ts';
import { UsageError } from '../errors.ts';
import type { CommandContext } from './context.ts';
import { readArguments } from './read-arguments.ts';

const HELP = `Tells what merging the files as they are would change on the clusters, environment by environment: renders what is committed at a
ref and what stands in the files, and compares both. Reads only. docs/how-to/see-what-a-merge-changes.md shows how to work with it.

Usage: npm run gitops:diff -- --against <git ref> [--env <environment>] [--format <format>]

Options:
  --against  what to compare with, for example origin/main
  --env      one environment; all without it
  --format   text      for people (what is meant without the option)
             markdown  a comment on a pull request
             json      {against, commit, losses, environments}
  --help     shows this

Charts of others are not rendered: of those, versions and values are compared.

Exit codes: 0 nothing is destroyed, 1 cannot be told, 2 wrong usage, 3 something would be destroyed
`;

/** What is said by the exit code when something would be destroyed. */
export const DESTROYS = 3;

type Format = (changes: RepositoryChanges, options: { readonly colours: boolean }) => string;

const FORMATS: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['text', formatText],
  ['markdown', formatMarkdown],
  ['json', formatJson],
]);

/** Writes what would change and returns the exit code. */
export async function diffCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = readArguments(args, {
    against: { type: 'string' },
    env: { type: 'string' },
    format: { type: 'string', default: 'text' },
  });
  if (values.help) {
    context.out(HELP.trimEnd());
    return 0;
  }
  if (positionals.length > 0) throw new UsageError(`Unexpected argument "${positionals.join(' ')}".`);
  const { against = '', env: environment, format: name } = values;
  if (against === '')
    throw new UsageError('diff needs a commit to compare with, for example --against origin/main.');
  const format = FORMATS.get(name);
  if (format === undefined) {
    const known = [...FORMATS.keys()];
    throw new UsageError(
      `There is no format "${name}". ${didYouMean(name, known) ?? `Known are ${known.join(', ')}.`}`,
    );
  }
  const { workspace, log, out, colours } = context;
  const changes = await repositoryChanges({
    tool: (name) => resolveTool(name, { log }),
    workspace,
    against,
    ...(environment !== undefined && { environment }),
  });
  out(format(changes, { colours }).trimEnd());
  return lostIn(changes) > 0 ? DESTROYS : 0;
}
