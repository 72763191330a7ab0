/** The programs that speak with the cluster, as the current context of kubectl has it. */
import { execFile, type ExecFileException } from 'node:child_process';
import { TrialError } from './errors.ts';

export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program and resolves with what it said and its exit code. Throws `TrialError` when it is not there. */
export function run(program: string, args: readonly string[], input?: string): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error !== null && error.code === 'ENOENT') {
        reject(new TrialError(`${program} is not in PATH: install it, or add its folder to PATH`));
        return;
      }
      resolve({ code: exitCode(error), stdout, stderr });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

function exitCode(error: ExecFileException | null): number {
  if (error === null) return 0;
  return typeof error.code === 'number' ? error.code : 1;
}

/** Returns the standard output of kubectl. Throws `TrialError` with its message when it fails. */
export async function kubectl(args: readonly string[], input?: string): Promise<string> {
  return orThrow('kubectl', args, await run('kubectl', args, input));
}

/** Returns the standard output of helm. Throws `TrialError` with its message when it fails. */
export async function helm(args: readonly string[]): Promise<string> {
  return orThrow('helm', args, await run('helm', args));
}

function orThrow(program: string, args: readonly string[], { code, stdout, stderr }: Output): string {
  if (code === 0) return stdout;
  throw new TrialError(`${program} ${args.slice(0, 3).join(' ')}: ${(stderr || stdout).trim()}`);
}
