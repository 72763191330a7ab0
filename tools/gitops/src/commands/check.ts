/** `check`: renders all environments and holds them against the invariants. */
import { UsageError } from '../errors.ts';
import { INVARIANTS } from '../invariants/index.ts';
import { describeFinding } from '../invariants/invariant.ts';
import { loadSubject } from '../invariants/subject.ts';
import { environmentsOf } from '../tree/environments.ts';
import type { CommandContext } from './context.ts';
import { readArguments } from './read-arguments.ts';
import { renderTools } from './render-tools.ts';

const HELP = `Renders all environments and tells what is wrong with them: what the order of waves, rights, owners and contracts have to be.
Reads only, and needs no cluster. docs/decisions/0072-order-by-waves-and-invariants.md lists what is looked at, and where.

Usage: npm run gitops -- check [--env <environment>]

Options:
  --env   one environment; all without it
  --help  shows this

Exit codes: 0 nothing found, 1 something found, 2 wrong usage
`;

/** Tells what is wrong with each environment, or with one, and with the repository as a whole, and returns the exit code. */
export async function checkCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { workspace, out } = context;
  const { values, positionals } = readArguments(args, { env: { type: 'string' } });
  if (values.help) {
    out(HELP.trimEnd());
    return 0;
  }
  if (positionals.length > 0) throw new UsageError(`Unexpected argument "${positionals.join(' ')}".`);
  const { env: only } = values;
  const names = environmentsOf(workspace);
  if (only !== undefined && !names.includes(only))
    throw new UsageError(`There is no environment "${only}"; environments: ${names.join(', ')}`);
  // All of them, whichever is asked for: that a right is of no use can be said only by all.
  const subject = await loadSubject(await renderTools(context));
  const findings = INVARIANTS.flatMap(({ name, check }) =>
    check(subject).map((finding) => ({ ...finding, reason: `${finding.reason} [${name}]` })),
  );
  const shown = only === undefined ? [...names, undefined] : [only, undefined];
  let fine = true;
  for (const environment of shown) {
    const own = findings.filter((finding) => finding.environment === environment);
    const tree = subject.environments.find((one) => one.environment === environment);
    const about =
      tree === undefined ? 'repository' : `${tree.environment}, ${tree.children.length} applications`;
    out(`${own.length === 0 ? '✓' : '✗'} ${about}`);
    for (const finding of own) out(`    ${describeFinding(finding)}`);
    fine &&= own.length === 0;
  }
  return fine ? 0 : 1;
}
