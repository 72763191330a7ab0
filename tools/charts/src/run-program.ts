/** Runs another program to its end and collects what it says. */
import { spawn } from 'node:child_process';
import { codeOf, ChartError } from './errors.ts';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What the program reads. */
  readonly input?: string | Uint8Array;
  /** What to do when there is no such program; the end of the message. */
  readonly missing?: string;
  readonly signal?: AbortSignal;
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Returns how `program` ended. Throws a `ChartError` when it does not exist or cannot be run. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, input = '', missing = '', signal }: RunOptions = {},
): Promise<Outcome> {
  const child = spawn(program, args, { stdio: 'pipe', cwd, env, signal });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => stdout.push(part));
  child.stderr.on('data', (part: Buffer) => stderr.push(part));
  // One that ends without reading all says why by its exit code.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status, killedBy) =>
        killedBy === null
          ? resolve(status ?? 0)
          : reject(new ChartError(`${program} was ended by ${killedBy}.`)),
      );
    });
    return { code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
  } catch (error) {
    if (codeOf(error) === 'ENOENT')
      throw new ChartError(`The program "${program}" is missing. ${missing}`.trim());
    if (codeOf(error) === 'EACCES') throw new ChartError(`The program "${program}" may not be run.`);
    throw error;
  }
}
