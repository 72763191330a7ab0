import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { fixtureText } from './fixture-pairs.ts';

const MAIN = join(import.meta.dirname, '../main.ts');

function start(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, 'compat', ...args]);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function run(input: string | Buffer, ...args: string[]) {
  const child = start(...args);
  // The program may end before it has read all.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (child.exitCode === null) await once(child, 'exit');
  return { code: child.exitCode, err, lines: out === '' ? [] : out.trimEnd().split('\n') };
}

const GOOD = '{"id":1,"writer":"int","reader":"long"}';
const GOOD_RESULT = '{"id":1,"compatible":true,"incompatibilities":[],"runtime":{"ok":true}}';

it('writes the verdict and what Node would do', async () => {
  const pair = JSON.stringify({ id: 'b', writer: 'long', reader: ['null', 'int'] });
  expect(await run(`${GOOD}\n${pair}\n`)).toEqual({
    code: 0,
    err: '',
    lines: [
      GOOD_RESULT,
      '{"id":"b","compatible":false,"incompatibilities":[{"type":"MISSING_UNION_BRANCH","location":"/"}],' +
        '"runtime":{"ok":false,"error":"cannot read \\"long\\" as [\\"null\\",\\"int\\"]"}}',
    ],
  });
});

it('says what is wrong with a line, and goes on', async () => {
  const deep = `${'{"type":"array","items":'.repeat(20_000)}"int"${'}'.repeat(20_000)}`;
  const bad: [line: string | Buffer, id: unknown, error: string][] = [
    ['no json', null, 'is not JSON'],
    ['"text"', null, 'is not a JSON object'],
    ['[1]', null, 'is not a JSON object'],
    [Buffer.from([0x7b, 0xff, 0x7d]), null, 'is not UTF-8'],
    ['{"id":"a"}', 'a', 'there is no writer'],
    ['{"id":"a","writer":"int"}', 'a', 'there is no reader'],
    ['{"writer":"int","reader":"strin"}', null, '/reader: there is no type strin'],
    ['{"id":7,"writer":["int","int"],"reader":"int"}', 7, '/writer: the union has two branches int'],
    [`{"id":8,"writer":"int","reader":${deep}}`, 8, 'is nested deeper than 1000 levels'],
  ];
  const { code, err, lines } = await run(
    Buffer.concat(
      [...bad.map(([line]) => line), GOOD].flatMap((line) => [Buffer.from(line), Buffer.from('\n')]),
    ),
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const results = lines.map((line) => JSON.parse(line) as { id: unknown; error?: string });
  expect(results).toHaveLength(bad.length + 1);
  for (const [index, [, id, error]] of bad.entries()) {
    expect(Object.keys(results[index] ?? {})).toEqual(['id', 'error']);
    expect(results[index]?.id).toBe(id);
    expect(results[index]?.error).toContain(error);
  }
  expect(lines.at(-1)).toBe(GOOD_RESULT);
});

it('takes types that refer to each other too deeply for the stack', async () => {
  const chain = (type: string) =>
    Array.from({ length: 20_000 }, (_, level) => ({
      type: 'record',
      name: `L${level}`,
      fields: [{ name: 'next', type: level === 0 ? type : `L${level - 1}` }],
    })).reverse();
  const { code, lines } = await run(
    `${JSON.stringify({ id: 'deep', writer: chain('int'), reader: chain('long') })}\n${GOOD}`,
  );
  expect(code).toBe(0);
  expect(lines).toEqual([
    '{"id":"deep","error":"the schemas are nested too deeply to be compared"}',
    GOOD_RESULT,
  ]);
});

it('takes blank lines, ends of Windows, a byte order mark and a last line without end', async () => {
  const { lines } = await run(`\ufeff${GOOD}\r\n\r\n  \n\n${GOOD}`);
  expect(lines).toEqual([GOOD_RESULT, GOOD_RESULT]);
});

it('takes a schema of 10 MB', async () => {
  const fields = Array.from({ length: 130_000 }, (_, index) => ({
    name: `field${index}`,
    type: ['null', 'string'],
    default: null,
    doc: 'text '.repeat(4),
  }));
  const schema = { type: 'record', name: 'Wide', fields };
  const line = JSON.stringify({ id: 'wide', writer: schema, reader: schema });
  expect(line.length).toBeGreaterThan(20_000_000);
  const { code, lines } = await run(`${line}\n${GOOD}\n`);
  expect(code).toBe(0);
  expect(lines).toEqual([GOOD_RESULT.replace('1', '"wide"'), GOOD_RESULT]);
}, 60_000);

it('writes nothing for nothing', async () => {
  expect(await run('')).toEqual({ code: 0, err: '', lines: [] });
});

it('answers each line before the next one comes', async () => {
  const child = start();
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  for (const id of [1, 2, 3]) {
    child.stdin.write(`${GOOD.replace('1', String(id))}\n`);
    expect(await answers.next()).toEqual({ done: false, value: GOOD_RESULT.replace('1', String(id)) });
  }
  child.stdin.end();
  await once(child, 'exit');
  expect(child.exitCode).toBe(0);
});

it('reads no further than its results are taken', async () => {
  const child = start();
  const many = fixtureText('pairs').repeat(3);
  let taken = 0;
  for (let from = 0; from < many.length; from += 65_536) {
    if (!child.stdin.write(many.slice(from, from + 65_536))) {
      const drained = await Promise.race([
        once(child.stdin, 'drain').then(() => true),
        // Long enough to read all of it many times over.
        new Promise<false>((resolve) => setTimeout(resolve, 3_000, false)),
      ]);
      if (!drained) break;
    }
    taken = from;
  }
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(many.length / 2);
});

it('ends quietly when nobody reads on', async () => {
  const child = start();
  child.stdin.on('error', () => undefined);
  const err = text(child.stderr);
  child.stdout.destroy();
  child.stdin.end(fixtureText('pairs'));
  await once(child, 'exit');
  expect(await err).toBe('');
  expect(child.exitCode).toBe(141);
});

it.skipIf(!existsSync('/dev/full'))('says so when its results cannot be written', async () => {
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [MAIN, 'compat'], { stdio: ['pipe', full, 'pipe'] });
  closeSync(full);
  child.stdin?.end(GOOD);
  const err = child.stderr ? await text(child.stderr) : '';
  if (child.exitCode === null) await once(child, 'exit');
  expect(err).toMatch(/^contracts compat: ENOSPC/);
  expect(child.exitCode).toBe(1);
});

it.each<[string, number]>([
  ['--help', 0],
  ['--check', 2],
  ['pairs.jsonl', 2],
])('with %s reads nothing', async (argument, expected) => {
  const { code, lines } = await run(GOOD, argument);
  expect(code).toBe(expected);
  expect(lines).not.toContain(GOOD_RESULT);
});
