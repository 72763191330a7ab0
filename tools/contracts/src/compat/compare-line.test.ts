import { describe, expect, it } from 'vitest';
import { comparePair } from './compare-line.ts';

const answerTo = (id: string): string =>
  JSON.stringify(comparePair(`{${id === '' ? '' : `"id":${id},`}"writer":"int","reader":"long"}`));

describe('an id comes back with the value that was sent', () => {
  it.each([
    '"a"',
    '7',
    '-0',
    '1.50',
    '12345678901234567890',
    'true',
    'null',
    '[1,{"a":12345678901234567890}]',
  ])('%s', (id) => {
    expect(answerTo(id)).toBe(`{"id":${id},"compatible":true,"incompatibilities":[],"runtime":{"ok":true}}`);
  });

  it('none is null', () => {
    expect(answerTo('')).toContain('{"id":null,"compatible":true');
  });

  it('but for one that nobody could write', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(answerTo(deep)).toMatch(/^\{"id":null,"error":".*nested too deeply/);
  });
});

describe('ends soon', () => {
  const measured = (reader: unknown): { result: ReturnType<typeof comparePair>; ms: number } => {
    const text = JSON.stringify({ id: 1, writer: 'int', reader });
    const start = performance.now();
    return { result: comparePair(text), ms: performance.now() - start };
  };

  it('for defaults that double at each level', () => {
    const levels = Array.from({ length: 28 }, (_, level) => ({
      type: 'record',
      name: `Level${level}`,
      fields: ['left', 'right'].map((name) => ({
        name,
        type: level === 0 ? 'int' : `Level${level - 1}`,
        default: level === 0 ? 0 : {},
      })),
    }));
    const { result, ms } = measured(levels);
    expect(result).toMatchObject({
      runtime: { ok: false, error: 'its defaults stand for more than 100000 values' },
    });
    expect(ms).toBeLessThan(2_000);
  });

  it('for a long text where a number should stand', () => {
    const field = { name: 'a', type: 'double', default: `${'1'.repeat(200_000)}x` };
    const { result, ms } = measured({ type: 'record', name: 'A', fields: [field] });
    expect(result).toMatchObject({ error: expect.stringContaining('is not a double') as string });
    expect(ms).toBeLessThan(2_000);
  });
});
