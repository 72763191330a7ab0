import type { ParseArgsOptionsConfig } from 'node:util';

export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** True when what is written to `out` is seen by a person on a terminal that shows colours. */
  readonly colours?: boolean;
}

/** A call of a command, with its options as they were written. */
export interface Call {
  /** The repository. */
  readonly root: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly output: Output;
}

/** A command of the command line: add it to the table in `cli.ts`. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` shows: usage, options, exit codes. */
  readonly help: string;
  /** As `parseArgs` takes them; `--help` is there by itself. */
  readonly options: ParseArgsOptionsConfig;
  /** Returns the exit code. Throws `WrongUsage` for options it cannot work with. */
  run(call: Call): number | Promise<number>;
}

/** The option of commands that work on a repository; it decides what their `root` is. */
export const ROOT_OPTION = { root: { type: 'string' } } as const satisfies ParseArgsOptionsConfig;
/** The same for `--help`. */
export const ROOT_HELP = '  --root     the repository, when it is another than this one\n';

/** The command cannot be run as it was called; exit code 2. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}
