import { styleText } from 'node:util';
import type { Finding } from '../finding.ts';

type Style = Parameters<typeof styleText>[0];

/** Returns the findings for people, grouped by file. */
export function formatText(findings: readonly Finding[], { colours }: { readonly colours: boolean }): string {
  const paint = (style: Style, text: string) =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  if (findings.length === 0) return `${paint('green', 'The contracts have no findings.')}\n`;
  const groups = Map.groupBy(findings, ({ file }) => file);
  const blocks = [...groups].map(([file, group]) => {
    const place = ({ line, column }: Finding) => `${line}:${column}`;
    const width = Math.max(...group.map((finding) => place(finding).length));
    const indent = ' '.repeat(width + 4);
    const lines = group.map((finding) => {
      const { code, severity, field, message, why, fix, level, breaks = [], steps = [] } = finding;
      const what = `${field === '' ? '' : `${printable(field)}: `}${printable(message)}`;
      const colour = severity === 'error' ? 'red' : 'yellow';
      const label = `${severity} ${code}${level === undefined ? '' : ` ${level}`}`;
      return [
        `  ${place(finding).padEnd(width)}  ${paint(colour, label)}  ${paint('bold', what)}\n`,
        `${indent}${paint('dim', `why: ${printable(why)}`)}\n`,
        ...(breaks.length > 0 ? [`${indent}breaks: ${printable(breaks.join(', '))}\n`] : []),
        `${indent}fix: ${printable(fix)}\n`,
        ...steps.map((step, index) => `${indent}  ${index + 1}. ${printable(step)}\n`),
      ].join('');
    });
    return `${paint('underline', printable(file))}\n${lines.join('')}`;
  });
  return `${blocks.join('\n')}\n${summary(findings, groups.size)}\n`;
}

function summary(findings: readonly Finding[], files: number): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const counts = [count(errors, 'error'), count(findings.length - errors, 'warning')];
  return `${counts.filter((text) => !text.startsWith('0 ')).join(' and ')} in ${count(files, 'file')}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Returns the text so that what is quoted from a file cannot move the cursor or change colours. */
export function printable(text: string): string {
  return text.replace(
    /\p{Cc}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
