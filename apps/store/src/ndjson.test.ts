import { describe, expect, it } from 'vitest';
import { ndjsonLines, toNdjson } from './ndjson.ts';

const lines = (text: string | Buffer) => [...ndjsonLines(Buffer.from(text))];

describe('ndjsonLines', () => {
  it('numbers lines from 1 and counts the blank ones it leaves out', () => {
    expect(lines('a\n\n  \nb\n')).toEqual([
      { line: 1, text: 'a' },
      { line: 4, text: 'b' },
    ]);
  });

  it('reads a last line without line feed, Windows line ends and a byte order mark', () => {
    expect(lines('\ufeffa\r\nb')).toEqual([
      { line: 1, text: 'a' },
      { line: 2, text: 'b' },
    ]);
  });

  it('gives a line that is not UTF-8 without text and goes on', () => {
    expect(lines(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('\nä')]))).toEqual([
      { line: 1, text: undefined },
      { line: 2, text: 'ä' },
    ]);
  });

  it('has nothing to give for nothing', () => {
    expect(lines('')).toEqual([]);
  });
});

describe('toNdjson', () => {
  it('ends every line', () => {
    expect(toNdjson([{ line: 1 }, { line: 2 }])).toBe('{"line":1}\n{"line":2}\n');
  });
});
