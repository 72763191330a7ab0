/** What every command is given. */
export interface CommandContext {
  /** The repository's folder. */
  readonly workspace: string;
  /** Takes a line of the answer. */
  readonly out: (line: string) => void;
  /** Takes a line about what is going on. */
  readonly log: (line: string) => void;
  /** Returns all of standard input. */
  readonly input: () => string;
  /** Whether the answer is shown where it may be coloured. */
  readonly colours: boolean;
}
