/** The registry could not be asked, or did not answer as a registry does. `message` says what, where and what to do next. */
export class RegistryProblem extends Error {
  override readonly name = 'RegistryProblem';
  /** True when the same request may work later without anybody doing anything. */
  readonly passing: boolean;
  /** True for 503 and a refused connection: nothing was done, the request can be repeated at once. */
  readonly repeatable: boolean;

  constructor(message: string, { passing = false, repeatable = false, cause }: ProblemOptions = {}) {
    super(message, { cause });
    this.passing = passing;
    this.repeatable = repeatable;
  }
}

interface ProblemOptions {
  readonly passing?: boolean;
  readonly repeatable?: boolean;
  readonly cause?: unknown;
}
