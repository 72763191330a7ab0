/** What this machine has to have: a container engine that runs, kind, and kubectl. */
import { ChartError, runProgram } from '@eda/charts';
import { ClusterError } from '../errors.ts';

export type Engine = 'docker' | 'podman';

const GET_ENGINE =
  'Install Docker (https://docs.docker.com/get-started/get-docker/) or Podman (https://podman.io/docs/installation).';

const PROGRAMS = {
  kind: {
    args: ['version'],
    get: 'Install it: https://kind.sigs.k8s.io/docs/user/quick-start/#installation',
  },
  kubectl: {
    args: ['version', '--client'],
    get: 'Install it: https://kubernetes.io/docs/tasks/tools/',
  },
} as const;

/** Returns the container engine that runs. Throws a `ClusterError` with a line for each thing that is missing. */
export async function requirePrograms(
  ...names: readonly (keyof typeof PROGRAMS)[]
): Promise<{ readonly engine: Engine }> {
  const [engine, ...missing] = await Promise.all([findEngine(), ...names.map(whyMissing)]);
  const problems = [typeof engine === 'string' ? undefined : engine.problem, ...missing].filter(
    (problem) => problem !== undefined,
  );
  if (typeof engine !== 'string' || problems.length > 0) throw new ClusterError(problems.join('\n'));
  return { engine };
}

async function findEngine(): Promise<Engine | { readonly problem: string }> {
  const silent: string[] = [];
  for (const engine of enginesInOrder()) {
    // Asks the engine, not only its client.
    const failure = await failureOf(engine, ['ps', '--quiet']);
    if (failure === undefined) return engine;
    if (failure !== 'missing')
      silent.push(`${engine} is there and does not answer; start it. It says: ${failure}`);
  }
  return { problem: silent[0] ?? `There is no container engine in PATH. ${GET_ENGINE}` };
}

/** kind takes Docker when both are there, unless it is told otherwise. */
function enginesInOrder(): readonly Engine[] {
  return process.env['KIND_EXPERIMENTAL_PROVIDER'] === 'podman' ? ['podman'] : ['docker', 'podman'];
}

async function whyMissing(name: keyof typeof PROGRAMS): Promise<string | undefined> {
  const { args, get } = PROGRAMS[name];
  const failure = await failureOf(name, args);
  if (failure === undefined) return undefined;
  return failure === 'missing'
    ? `${name} is not in PATH. ${get}`
    : `${name} does not run; it says: ${failure}. ${get}`;
}

/** Returns undefined for a program that runs, and otherwise the first line of what it says. */
async function failureOf(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { code, stdout, stderr } = await runProgram(program, args);
    if (code === 0) return undefined;
    const [line = ''] = (stderr || stdout).trim().split('\n');
    return line || `exit code ${code}`;
  } catch (error) {
    if (!(error instanceof ChartError)) throw error;
    return 'missing';
  }
}
