import type { CheckResult } from './check.ts';
import type { Verdict } from './verdict.ts';

/** A line of the table of verdicts. */
export interface VerdictRow {
  readonly consumer: string;
  readonly event: string;
  /** For example `breaks: fields.quantity (C011 WIRE)`. */
  readonly verdict: string;
  readonly kind: Verdict['verdict'];
}

/** Returns the verdicts on events that differ; those on the others say nothing new. */
export function verdictRows({ verdicts }: CheckResult): VerdictRow[] {
  return verdicts
    .filter(({ changed }) => changed)
    .map(({ consumer, event, verdict, reads, reasons }) => {
      const list = reasons.map(({ code, level, field, accepted }) => {
        const what = `${code} ${level}${accepted && verdict !== 'accepted' ? ', accepted' : ''}`;
        return field === '' ? what : `${field} (${what})`;
      });
      const by = reads === undefined ? '' : `, by ${reads}`;
      const text = `${verdict}${list.length === 0 ? '' : `: ${[...new Set(list)].join(', ')}`}${by}`;
      return { consumer, event, verdict: text, kind: verdict };
    });
}
