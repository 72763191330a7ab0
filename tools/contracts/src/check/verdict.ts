import type { Level } from '../level.ts';
import type { RuleCode } from '../rules.ts';

/** What a change means for one consumer of one event. */
export interface Verdict {
  readonly consumer: string;
  /** Name of the event. */
  readonly event: string;
  readonly topic: string;
  /** True when anything about the event differs. */
  readonly changed: boolean;
  /**
   * `warned`: nothing breaks, but somebody who knows the consumer should look. `accepted`: it would break, and the metadata says
   * why it may.
   */
  readonly verdict: 'breaks' | 'warned' | 'accepted' | 'unaffected';
  /** Where the app says what it reads; absent when it takes the whole event. */
  readonly reads?: string;
  readonly reasons: readonly VerdictReason[];
}

export interface VerdictReason {
  readonly code: RuleCode;
  readonly level: Level;
  /** Empty when it is not about one field. */
  readonly field: string;
  /** True when the metadata says why it does not count. */
  readonly accepted?: boolean;
}
