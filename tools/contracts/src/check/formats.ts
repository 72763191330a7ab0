import { styleText } from 'node:util';
import { formatGithub } from '../format/github.ts';
import { formatSarif } from '../format/sarif.ts';
import { formatText, printable } from '../format/text.ts';
import type { CheckResult } from './check.ts';
import { formatMarkdown } from './markdown.ts';
import { verdictRows } from './verdict-rows.ts';

/** Returns the result as it is written to the standard output. */
export type CheckFormat = (result: CheckResult, options: { readonly colours: boolean }) => string;

export const CHECK_FORMATS: ReadonlyMap<string, CheckFormat> = new Map<string, CheckFormat>([
  ['text', checkText],
  ['json', (result) => `${JSON.stringify(result, undefined, 2)}\n`],
  ['github', checkGithub],
  ['sarif', ({ findings }) => formatSarif(findings)],
  ['markdown', formatMarkdown],
]);

function checkText(result: CheckResult, { colours }: { readonly colours: boolean }): string {
  const { against, notes, findings, accepted } = result;
  const blocks = [
    findings.length === 0
      ? `Nothing that differs from ${against} breaks a consumer.\n`
      : formatText(findings, { colours }),
    ...accepted.map(
      ({ finding: { file, line, column, code, level = '', field, message }, reason }) =>
        `${file}:${line}:${column} ${code} ${level} ${field === '' ? '' : `${field}: `}${printable(message)}\n` +
        `  accepted because: ${printable(reason)}\n`,
    ),
    ...notes.map((note) => `Note: ${note}\n`),
    table(result, colours),
  ];
  return blocks.filter((block) => block !== '').join('\n');
}

function table(result: CheckResult, colours: boolean): string {
  const rows = verdictRows(result);
  if (rows.length === 0) return '';
  const all = [{ consumer: 'consumer', event: 'event', verdict: 'verdict', kind: undefined }, ...rows];
  const width = (column: 'consumer' | 'event') => Math.max(...all.map((row) => row[column].length));
  const [first, second] = [width('consumer'), width('event')];
  const paint = (text: string, kind: string | undefined) => {
    if (!colours || kind === undefined) return text;
    const style = kind === 'breaks' ? 'red' : kind === 'unaffected' ? 'green' : 'yellow';
    return styleText(style, text, { validateStream: false });
  };
  return all
    .map(
      ({ consumer, event, verdict, kind }) =>
        `${consumer.padEnd(first)}  ${event.padEnd(second)}  ${paint(verdict, kind)}\n`,
    )
    .join('');
}

function checkGithub({ findings, accepted, notes }: CheckResult): string {
  const notices = [
    ...accepted.map(
      ({ finding: { code, field, message }, reason }) =>
        `${code} ${field === '' ? '' : `${field}: `}${message}. Accepted because: ${reason}`,
    ),
    ...notes,
  ];
  const escape = (text: string) =>
    text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return formatGithub(findings) + notices.map((notice) => `::notice::${escape(notice)}\n`).join('');
}
