import type { Output } from '../cli.ts';
import { ContractsInvalid } from '../problems.ts';
import { applySubjects } from './apply.ts';
import { describeApplied, describeDrift, describePlan } from './describe.ts';
import { readOptions, UsageError } from './options.ts';
import type { RegistryOptions } from './options.ts';
import { planSubjects } from './plan.ts';
import { registryAddress } from './registry-address.ts';
import { RegistryClient } from './registry-client.ts';
import { RegistryProblem } from './registry-problem.ts';
import { verifySubjects } from './verify.ts';
import { withPrefix } from './wanted-subject.ts';
import type { WantedSubject } from './wanted-subject.ts';
import { wantedSubjects } from './wanted-subjects.ts';

type Name = 'plan' | 'apply' | 'verify';

/** Runs a command on the repository at `root` and resolves with the exit code. */
export type RegistryCommand = (args: readonly string[], root: string, output: Output) => Promise<number>;

interface Task {
  readonly client: RegistryClient;
  readonly wanted: readonly WantedSubject[];
  readonly options: RegistryOptions;
  readonly output: Output;
}

const IN_STEP = 0;
const REFUSED = 1;
const DRIFT = 1;
const CANNOT_RUN = 2;
const WOULD_CHANGE = 3;

const OPTIONS = `Options:
  --registry URL      the registry, for example http://127.0.0.1:8081/apis/ccompat/v7; SCHEMA_REGISTRY_URL when absent
  --prefix TEXT       stands in front of every subject; for registries that several set-ups share, empty when absent
  --timeout SECONDS   for one request, 15 when absent
  --wait SECONDS      how long to wait for a registry that does not answer yet, 0 when absent
`;
const FORMAT = `  --format FORMAT     text (when absent) or json\n`;
const CREDENTIALS = `  --help              shows this

Credentials come from SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD, or SCHEMA_REGISTRY_TOKEN.
`;

const HELP: Readonly<Record<Name, string>> = {
  plan: `Shows what apply would change in a schema registry. Changes nothing.

Usage: npx contracts plan [--registry URL] [options]

${OPTIONS}${FORMAT}${CREDENTIALS}
Exit codes: 0 nothing to do, 3 something would change, 1 the registry would refuse it, 2 cannot run
`,
  apply: `Publishes the contracts in a schema registry: compatibility levels and schemas. Everything is checked before the first
write, and nothing is written when something would be refused. Safe to repeat, and to run twice at once.

Usage: npx contracts apply [--registry URL] [options]

${OPTIONS}${CREDENTIALS}
Exit codes: 0 the registry is as git says, 1 the registry refuses something, 2 cannot run
`,
  verify: `Compares a schema registry with the contracts, in both directions. Changes nothing.

Usage: npx contracts verify [--registry URL] [options]

${OPTIONS}${FORMAT}  --ignore PATTERN    subjects that are not ours, with * and ?; may stand more than once
${CREDENTIALS}
Exit codes: 0 in step, 1 they differ, 2 cannot run
`,
};

/** `plan`, `apply` and `verify`. */
export const REGISTRY_COMMANDS: Readonly<Record<Name, RegistryCommand>> = {
  plan: command('plan', runPlan),
  apply: command('apply', runApply),
  verify: command('verify', runVerify),
};

function command(name: Name, run: (task: Task) => Promise<number>): RegistryCommand {
  return async (args, root, output) => {
    try {
      const options = readOptions(name, args, process.env);
      if (!options) {
        output.out(HELP[name]);
        return IN_STEP;
      }
      if (options.registry === '')
        throw new UsageError('Which registry? Set --registry or SCHEMA_REGISTRY_URL');
      const client = new RegistryClient({
        ...registryAddress(options.registry, process.env),
        timeoutMs: options.timeoutMs,
        waitMs: options.waitMs,
        onWaiting: (reason) => output.err(`Waiting for the registry. ${reason}\n`),
      });
      const wanted = withPrefix(wantedSubjects(root), options.prefix);
      return await run({ client, wanted, options, output });
    } catch (error) {
      output.err(`${whyNot(name, error)}\n`);
      return CANNOT_RUN;
    }
  };
}

function whyNot(name: Name, error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\nSee: npx contracts ${name} --help`;
  if (error instanceof RegistryProblem) return error.message;
  if (error instanceof ContractsInvalid)
    return `${error.message}\nThe contracts are wrong; the registry was not asked.`;
  throw error;
}

async function runPlan({ client, wanted, options, output }: Task): Promise<number> {
  const subjects = await planSubjects(client, wanted);
  if (options.json) output.out(`${JSON.stringify({ registry: client.url, subjects }, undefined, 2)}\n`);
  else output.out(`Registry ${client.url}\n\n${describePlan(subjects)}`);
  if (subjects.some(({ refused }) => refused !== undefined)) return REFUSED;
  return subjects.some(({ changes }) => changes.length > 0) ? WOULD_CHANGE : IN_STEP;
}

async function runApply({ client, wanted, output }: Task): Promise<number> {
  output.out(`Registry ${client.url}\n`);
  const { applied, refused } = await applySubjects(client, wanted, (subject) =>
    output.out(describeApplied(subject)),
  );
  for (const { subject, refused: reason } of refused) output.err(`${subject}: REFUSED: ${reason}\n`);
  if (refused.length === 0) {
    output.out(`${count(applied.length, 'subject')} as git says\n`);
    return IN_STEP;
  }
  output.err(
    applied.length === 0
      ? 'Nothing was written. A change that breaks readers needs a new major version: schemas/README.md\n'
      : `${count(applied.length, 'subject')} published before that; run apply again when the cause is mended\n`,
  );
  return REFUSED;
}

async function runVerify({ client, wanted, options, output }: Task): Promise<number> {
  const drift = await verifySubjects(client, wanted, options);
  if (options.json) output.out(`${JSON.stringify({ registry: client.url, drift }, undefined, 2)}\n`);
  else {
    const found =
      drift.length === 0
        ? `${count(wanted.length, 'subject')} as git says`
        : count(drift.length, 'difference');
    output.out(`Registry ${client.url}\n${drift.map(describeDrift).join('')}${found}\n`);
  }
  return drift.length === 0 ? IN_STEP : DRIFT;
}

function count(many: number, thing: string): string {
  return `${many} ${thing}${many === 1 ? '' : 's'}`;
}
