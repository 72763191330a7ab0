import { expect, it } from 'vitest';
import { linesOf, TOO_LONG } from './lines.ts';

async function* chunksOf(...chunks: string[]): AsyncGenerator<Buffer, void, undefined> {
  for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
}

async function read(chunks: string[], limit = 10): Promise<string[]> {
  const lines = [];
  for await (const some of linesOf(chunksOf(...chunks), limit))
    lines.push(...some.map((line) => (line === TOO_LONG ? 'TOO LONG' : line.toString())));
  return lines;
}

it.each<[string, string[], string[]]>([
  ['nothing', [], []],
  ['a line in one chunk', ['a\n'], ['a']],
  ['a line without its end', ['a\nb'], ['a', 'b']],
  ['a line in pieces', ['a', 'b', 'c\nd'], ['abc', 'd']],
  ['the end of a line in a chunk of its own', ['a', '\n', '\n'], ['a', '']],
  ['ends of Windows', ['a\r', '\nb\r\n'], ['a', 'b']],
  ['a line that is too long, and one after it', ['123456', '78901', '2\nok\n'], ['TOO LONG', 'ok']],
  ['a last line that is too long', ['12345678901'], ['TOO LONG']],
])('reads %s', async (_what, chunks, expected) => {
  expect(await read(chunks)).toEqual(expected);
});
