/** `init`: makes a clone of this repository somebody's own. */
import { runProgram } from '@eda/charts';
import { Git } from '@eda/contracts-cli/command-line';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { applyAdoption, prepareAdoption } from '../adoption/adoption.ts';
import { ORIGINAL } from '../adoption/original-names.ts';
import { checkedAddress } from '../adoption/repository-address.ts';
import { GitopsError, UsageError } from '../errors.ts';
import { environmentsOf } from '../tree/environments.ts';
import type { CommandContext } from './context.ts';
import { readArguments } from './read-arguments.ts';

const HELP = `Makes a clone of this repository yours: the address that the cluster reads, the names, and what is generated from both.
docs/how-to/make-it-yours.md shows how to work with it.

Usage: npm run init -- [--repo <url>] [--scope <@scope>] [--product <name>] [options]

Options:
  --repo     where the cluster reads this repository; the remote origin without it. A password in it is left out
  --branch   what the cluster follows; what stands there without it
  --env      the environment of the cluster; what stands there without it
  --scope    scope of the packages, for example @acme; stays without it
  --product  what it is called, for example "Acme Shop"; stays without it
  --images   where the images are, for example ghcr.io/acme/shop; follows from --repo at GitHub and GitLab
  --dry-run  lists the files, and writes nothing
  --force    also when there are changes that are not committed
  --help     shows this

Renamed, in all files that git keeps:
  repository, branch and environment in gitops/bootstrap/30-root.yaml, and links to files of the repository
  ${ORIGINAL.scope}/... in package names, imports, package-lock.json, documents
  ${ORIGINAL.title} (as it is called) and ${ORIGINAL.product} (as a name: "shop" for "Shop"): root package, part-of, prefix of labels and annotations
  ghcr.io/${ORIGINAL.product}/${ORIGINAL.product}/... in charts and documents
Not renamed: apps, events, topics, the Kafka cluster "eda", the cache and volumes on this machine and the Go modules of tools/helm,
the history in git, and docs/how-to/make-it-yours.md.

Exit codes: 0 done, or nothing to do, 1 cannot be done here, 2 wrong usage
`;

/** Renames, generates anew, tells which files changed, and returns the exit code. */
export async function initCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { workspace, out, log } = context;
  const { values, positionals } = readArguments(args, {
    repo: { type: 'string' },
    branch: { type: 'string' },
    env: { type: 'string' },
    scope: { type: 'string' },
    product: { type: 'string' },
    images: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    force: { type: 'boolean', default: false },
  });
  if (values.help) {
    out(HELP.trimEnd());
    return 0;
  }
  if (positionals.length > 0) throw new UsageError(`Unexpected argument "${positionals.join(' ')}".`);
  const { scope, branch, env: environment, images } = values;
  const product = values.product === undefined ? undefined : productOf(values.product);
  check('--scope', scope, /^@[a-z0-9][a-z0-9._-]*$/, 'a scope of npm, such as @acme');
  check('--branch', branch, /^(?!-)[\w./-]+$/, 'a branch, such as main');
  check(
    '--images',
    images,
    /^[a-z0-9][a-z0-9.:-]*(\/[a-z0-9][a-z0-9._-]*)+$/,
    'an image repository, such as ghcr.io/acme/shop',
  );
  const known = environmentsOf(workspace);
  if (environment !== undefined && !known.includes(environment))
    throw new UsageError(`There is no environment "${environment}"; environments: ${known.join(', ')}.`);

  const git = new Git(workspace);
  const before = git.uncommitted(['.']);
  const repository = addressOf(git, values.repo);
  const adoption = prepareAdoption({
    workspace,
    repository,
    ...(branch !== undefined && { branch }),
    ...(environment !== undefined && { environment }),
    ...(scope !== undefined && { scope }),
    ...(product !== undefined && { product }),
    ...(images !== undefined && { images }),
  });
  for (const note of adoption.notes) log(note);
  if (adoption.files.length === 0) {
    out('Everything is called that already.');
    return 0;
  }
  if (values['dry-run']) {
    for (const { file } of adoption.files) out(file);
    out(`${String(adoption.files.length)} files would change, and what is generated from them (--dry-run).`);
    return 0;
  }
  if (before.length > 0 && !values.force)
    throw new GitopsError(
      `There are changes that are not committed (${some(before)}), which could not be told from those of init. ` +
        'Commit or stash them, or use --force.',
    );
  applyAdoption(workspace, adoption);
  await follow(
    adoption.files.map(({ file }) => file),
    context,
  );
  for (const file of git.uncommitted(['.'])) out(file);
  out(
    `The cluster reads ${repository}, branch ${adoption.settings.branch}, as ${adoption.settings.environment}.`,
  );
  out('Now: npm ci && npm run ci, then commit and push.');
  return 0;
}

/** Writes what is generated from the files, and formats them: other names have other lengths. */
async function follow(files: readonly string[], { workspace, log }: CommandContext): Promise<void> {
  if (!existsSync(join(workspace, 'node_modules'))) {
    log('node_modules is not there. After npm ci: npm run generate && npm run format');
    return;
  }
  for (const args of [
    ['run', '--silent', 'generate'],
    ['exec', '--', 'prettier', '--write', '--ignore-unknown', '--log-level=warn', ...files],
    // What was formatted may be what something is generated from.
    ['run', '--silent', 'generate'],
  ]) {
    const { code, stdout, stderr } = await runProgram('npm', args, { cwd: workspace });
    if (code !== 0)
      throw new GitopsError(
        `The names are written, and npm ${args.slice(0, 3).join(' ')} failed:\n${(stderr || stdout).trim()}\nAll of it is undone by: git checkout -- .`,
      );
  }
}

function addressOf(git: Git, given: string | undefined): string {
  if (given !== undefined) return checkedAddress(given, '--repo');
  const origin = git.remote('origin');
  if (origin === undefined)
    throw new UsageError(
      'There is no remote origin: say with --repo where the cluster reads this repository.',
    );
  return checkedAddress(origin, 'The remote origin');
}

function productOf(title: string): { title: string; slug: string } {
  const slug = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  // What YAML takes for something else than text.
  const isWord = !/^(y|n|yes|no|on|off|true|false|null)$/.test(slug);
  if (!/^[\p{L}\p{N}][\p{L}\p{N} .&'-]*$/u.test(title) || !/^[a-z][a-z0-9-]{0,39}$/.test(slug) || !isWord)
    throw new UsageError(
      `--product is "${title}": it has to be words that begin with a letter from a to z, up to 40 characters, and none that YAML takes for something else.`,
    );
  return { title, slug };
}

function check(option: string, value: string | undefined, form: RegExp, what: string): void {
  if (value !== undefined && !form.test(value))
    throw new UsageError(`${option} is "${value}", and has to be ${what}.`);
}

function some(files: readonly string[]): string {
  const more = files.length - 3;
  return [...files.slice(0, 3), ...(more > 0 ? [`and ${String(more)} more`] : [])].join(', ');
}
