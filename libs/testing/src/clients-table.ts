import { BROKER_CASES } from './broker-cases.ts';
import type { Implementation } from './client-gaps.ts';
import { CLIENT_GAPS } from './client-gaps.ts';

const IMPLEMENTATIONS: readonly Implementation[] = ['kafkajs', 'platformatic', 'in memory'];

/** The table of docs/clients.md: each case of the suite, and who passes it. */
export function clientsTable(): string {
  const reasons: string[] = [];
  const cell = (implementation: Implementation, sentence: string) => {
    const reason = CLIENT_GAPS[implementation][sentence];
    if (reason === undefined) return 'yes';
    reasons.push(`${reasons.length + 1}. ${implementation}: ${reason}.`);
    return `no (${reasons.length})`;
  };
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = BROKER_CASES.map(({ area, name }) =>
    row([area, name, ...IMPLEMENTATIONS.map((implementation) => cell(implementation, name))]),
  );
  return [
    row(['area', 'what is promised', ...IMPLEMENTATIONS]),
    row(['---', '---', ...IMPLEMENTATIONS.map(() => '---')]),
    ...rows,
    '',
    ...reasons,
    '',
  ].join('\n');
}
