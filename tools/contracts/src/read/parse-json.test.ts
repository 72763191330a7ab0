import { expect, it } from 'vitest';
import { parseJson } from './parse-json.ts';

it.each([
  'null',
  ' true ',
  '-0',
  '0.5e-3',
  '1E+2',
  '"\\u00e9\\n\\/\\\\ \\ud83d\\ude00 é"',
  '[]',
  '{}',
  '[1, [2, {"a": [false]}], ""]',
  '{"a": {"b": [1, 2]}, "": null, "__proto__": {"x": 1}}',
  '\t\r\n{"a":1}\n',
])('reads %s as JSON.parse does', (text) => {
  expect(parseJson(text).value).toEqual(JSON.parse(text));
});

it.each([
  '',
  '{',
  '[1,]',
  '{"a":1,}',
  '{"a" 1}',
  "{'a': 1}",
  '{a: 1}',
  '01',
  '1.',
  '.5',
  '+1',
  '- 1',
  'nul',
  'NaN',
  'Infinity',
  'undefined',
  '"a',
  '"\\x"',
  '"\\u12"',
  '"a\nb"',
  '"a\tb"',
  '1 2',
  '[1 2]',
  '\u00a0 1',
  '\uFEFF1',
  '// a\n1',
])('refuses %j as JSON.parse does', (text) => {
  expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  expect(() => parseJson(text)).toThrow(/^is not JSON: /);
});

it('keeps where everything stands', () => {
  const text = '{\n  "a": [true, {"b": "c"}]\n}';
  const list = parseJson(text).children?.get('a');
  const inner = list?.node.children?.get(1)?.node.children?.get('b');
  const at = (offset: number | undefined) => text.slice(offset, (offset ?? 0) + 3);
  expect([list?.keyOffset, list?.node.offset, inner?.keyOffset, inner?.node.offset].map(at)).toEqual([
    '"a"',
    '[tr',
    '"b"',
    '"c"',
  ]);
});

it('reads a text of a million characters and a list of as many entries', () => {
  const long = JSON.stringify({ text: 'ab\\"'.repeat(250_000), list: Array(200_000).fill(1) });
  expect(parseJson(long).value).toEqual(JSON.parse(long));
});
