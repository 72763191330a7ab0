/** Runs one of the commands as a process, as an operator does. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Resolves with how `command` (`redrive` or `parked`) ended and what it said. */
export function runCommand(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<CommandResult> {
  const file = fileURLToPath(new URL(`./${command}.ts`, import.meta.url));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [file, ...args],
      { env: { PATH: process.env['PATH'] ?? '', ...env }, timeout: 60_000 },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
      },
    );
  });
}
