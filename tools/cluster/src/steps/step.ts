/** One thing that is tried. */
import type { Repository } from '../repository.ts';

export interface StepContext {
  readonly repository: Repository;
  /** Whether the operators are simulated ones that fail what is annotated with `eda.test/fail`. */
  readonly simulated: boolean;
  readonly timeoutSeconds: number;
  /** Takes a line about what is going on. */
  readonly note: (line: string) => void;
}

export interface StepResult {
  /** What was seen, in one line. */
  readonly seen: string;
  readonly problems: readonly string[];
}

export interface Step {
  readonly name: string;
  readonly title: string;
  readonly run: (context: StepContext) => Promise<StepResult>;
}
