/** The command line of `npm run test:cluster`. */
import type { ParseArgsConfig } from 'node:util';
import { UsageError } from './errors.ts';
import { readArguments } from './read-arguments.ts';
import { apps } from './steps/apps.ts';
import { STEPS } from './steps/index.ts';

export const HELP = `Usage: npm run test:cluster -- [options]

Tries gitops/ on the cluster of the current kubectl context, which has to be empty: what is committed here is cloned, the clone is
given to the cluster, and one apply makes everything of it. The steps after the first change things by commits in the clone.

Steps
${STEPS.map(({ name, title }) => `  ${name.padEnd(16)}${title}`).join('\n')}

Options
  --repo <url>         the cluster reads the repository from this address: written into gitops/bootstrap of the clone, and committed
                       there, before the first step
  --publish <command>  shell command that gives the newest commit of the clone, its current folder, to the repository that
                       gitops/bootstrap names. Default: git push --force <that address> HEAD:<that revision>
  --step <name>        only this step; may be given several times
  --timeout <seconds>  how long everything may take to become healthy, default 900
  --simulated          the operators are simulated ones, which fail what is annotated with eda.test/fail; apps is then tried only
                       when it is named, since it needs pods that run
  --secrets <file>     manifests of Secrets that are written over those which simulated operators make up, so that pods that run
                       reach Kafka and the databases; those that had begun are begun anew
  --json <file>        writes the results to a file
  --help               this text

Exit codes: 0 all as it must be, 1 something is not, 2 wrong usage
`;

export interface Options {
  readonly help: boolean;
  readonly repo?: string;
  readonly publish?: string;
  readonly steps: readonly string[];
  readonly timeoutSeconds: number;
  readonly simulated: boolean;
  readonly secrets?: string;
  readonly json?: string;
}

const OPTIONS = {
  repo: { type: 'string' },
  publish: { type: 'string' },
  step: { type: 'string', multiple: true, default: [] },
  timeout: { type: 'string', default: '900' },
  simulated: { type: 'boolean', default: false },
  secrets: { type: 'string' },
  json: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

/** Returns what the command line asks for. Throws `UsageError`. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = readArguments(args, OPTIONS, false);
  const known = STEPS.map(({ name }) => name);
  const wrong = values.step.find((step) => !known.includes(step));
  if (wrong !== undefined) throw new UsageError(`--step "${wrong}": expected one of ${known.join(', ')}`);
  const timeoutSeconds = Number(values.timeout);
  if (!(Number.isInteger(timeoutSeconds) && timeoutSeconds >= 1))
    throw new UsageError(`--timeout "${values.timeout}": expected a whole number of seconds`);
  // It gets into YAML and into a shell command as it is.
  if (values.repo !== undefined && !/^[\w@%+.:/~-]+$/.test(values.repo))
    throw new UsageError(`--repo "${values.repo}": expected the address of a Git repository`);
  const { help, repo, publish, simulated, secrets, json, step } = values;
  return {
    help,
    simulated,
    timeoutSeconds,
    steps: step.length === 0 ? known.filter((name) => !(simulated && name === apps.name)) : step,
    ...(secrets === undefined ? {} : { secrets }),
    ...(repo === undefined ? {} : { repo }),
    ...(publish === undefined ? {} : { publish }),
    ...(json === undefined ? {} : { json }),
  };
}
