import type { Call, Command, Output } from '../commands/command.ts';
import { ContractsInvalid } from '../problems.ts';
import { applySubjects } from './apply.ts';
import { describeApplied, describeDrift, describePlan } from './describe.ts';
import { FORMAT_OPTION, IGNORE_OPTION, readOptions, SHARED_OPTIONS } from './options.ts';
import type { RegistryOptions } from './options.ts';
import { planSubjects } from './plan.ts';
import { CREDENTIALS, registryAddress } from './registry-address.ts';
import { DEFAULT_TIMEOUT_MS, RegistryClient } from './registry-client.ts';
import { RegistryProblem } from './registry-problem.ts';
import { verifySubjects } from './verify.ts';
import { withPrefix } from './wanted-subject.ts';
import type { WantedSubject } from './wanted-subject.ts';
import { wantedSubjects } from './wanted-subjects.ts';

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
  --timeout SECONDS   for one request, ${DEFAULT_TIMEOUT_MS / 1_000} when absent
  --wait SECONDS      how long to wait for a registry that does not answer yet, 0 when absent
`;
const FORMAT = `  --format FORMAT     text (when absent) or json\n`;
const HELP_AND_CREDENTIALS = `  --help              shows this

Credentials come from ${CREDENTIALS}.
`;

/** `contracts plan`: what `apply` would do. */
export const planCommand: Command = {
  summary: 'shows what apply would change in a schema registry',
  help: `Shows what apply would change in a schema registry. Changes nothing.

Usage: npx contracts plan [--registry URL] [options]

${OPTIONS}${FORMAT}${HELP_AND_CREDENTIALS}
Exit codes: 0 nothing to do, 3 something would change, 1 the registry would refuse it, 2 cannot run
`,
  options: { ...SHARED_OPTIONS, ...FORMAT_OPTION },
  run: (call) => withRegistry(call, runPlan),
};

/** `contracts apply`: schemas and compatibility levels into a registry. */
export const applyCommand: Command = {
  summary: 'publishes schemas and compatibility levels in a schema registry',
  help: `Publishes the contracts in a schema registry: compatibility levels and schemas. Everything is checked before the first
write, and nothing is written when something would be refused. Safe to repeat, and to run twice at once.

Usage: npx contracts apply [--registry URL] [options]

${OPTIONS}${HELP_AND_CREDENTIALS}
Exit codes: 0 the registry is as git says, 1 the registry refuses something, 2 cannot run
`,
  options: SHARED_OPTIONS,
  run: (call) => withRegistry(call, runApply),
};

/** `contracts verify`: where a registry and git differ. */
export const verifyCommand: Command = {
  summary: 'compares a schema registry with the contracts',
  help: `Compares a schema registry with the contracts, in both directions. Changes nothing.

Usage: npx contracts verify [--registry URL] [options]

${OPTIONS}${FORMAT}  --ignore PATTERN    subjects that are not ours, with * and ?; may stand more than once
${HELP_AND_CREDENTIALS}
Exit codes: 0 in step, 1 they differ, 2 cannot run
`,
  options: { ...SHARED_OPTIONS, ...FORMAT_OPTION, ...IGNORE_OPTION },
  run: (call) => withRegistry(call, runVerify),
};

async function withRegistry(
  { root, options: values, output }: Call,
  run: (task: Task) => Promise<number>,
): Promise<number> {
  const options = readOptions(values, process.env);
  try {
    const client = new RegistryClient({
      ...registryAddress(options.registry, process.env),
      timeoutMs: options.timeoutMs,
      waitMs: options.waitMs,
      onWaiting: (reason) => output.err(`Waiting for the registry. ${reason}\n`),
    });
    const wanted = withPrefix(wantedSubjects(root), options.prefix);
    return await run({ client, wanted, options, output });
  } catch (error) {
    if (error instanceof RegistryProblem) output.err(`${error.message}\n`);
    else if (error instanceof ContractsInvalid)
      output.err(`${error.message}\nThe contracts are wrong; the registry was not asked\n`);
    else throw error;
    return CANNOT_RUN;
  }
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
  const { applied, refused, written } = await applySubjects(client, wanted, (subject) =>
    output.out(describeApplied(subject)),
  );
  for (const { subject, refused: reason } of refused) output.err(`${subject}: REFUSED: ${reason}\n`);
  if (refused.length === 0) {
    output.out(`${count(applied.length, 'subject')} as git says\n`);
    return IN_STEP;
  }
  const published = applied.filter(({ changes }) => changes.length > 0).length;
  output.err(
    written
      ? `${count(published, 'subject')} published, and a level may be set where the schema was refused; run apply again when the cause is mended\n`
      : 'Nothing was written. A change that breaks readers needs a new major version: schemas/README.md\n',
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
