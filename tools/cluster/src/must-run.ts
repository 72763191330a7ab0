/** Programs that have to succeed. */
import { runProgram, type RunOptions } from '@eda/charts';
import { ClusterError } from './errors.ts';

/** How much of what a program says is shown when it fails. */
const LAST_LINES = 20;

/** Returns what the program writes. Throws a `ClusterError` with the end of what it said when it fails. */
export async function mustRun(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await runProgram(program, args, options);
  if (code === 0) return stdout;
  const said = (stderr || stdout).trim().split('\n').slice(-LAST_LINES).join('\n');
  throw new ClusterError(`${[program, ...args].join(' ')}: ${said || `exit code ${code}`}`);
}
