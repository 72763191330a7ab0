import { describe, expect, it } from 'vitest';
import { tinyChart } from '../render/tiny-chart.setup.ts';
import { excepts, EXCEPTIONS_FILE, readExceptions } from './exceptions.ts';

const read = (text: string) =>
  readExceptions(tinyChart({ [EXCEPTIONS_FILE]: text }).folder, ['probes', 'jobs']);

describe('The exceptions of a chart', () => {
  it('are none without a file', () => {
    expect(readExceptions(tinyChart().folder, ['probes'])).toEqual({ exceptions: [], problems: [] });
  });

  it('have a policy, an object and a reason', () => {
    expect(read('- { policy: probes, object: Pod/golden, reason: It ends by itself. }')).toEqual({
      exceptions: [{ policy: 'probes', object: 'Pod/golden', reason: 'It ends by itself.' }],
      problems: [],
    });
  });

  it.each([
    [
      '- { policy: probes, object: Pod/a }',
      '[0]',
      'reason is missing; an exception has policy, object and reason',
    ],
    [
      "- { policy: probes, object: Pod/a, reason: ' ' }",
      '[0]',
      'reason is missing; an exception has policy, object and reason',
    ],
    ['- probes', '[0]', 'policy is missing; an exception has policy, object and reason'],
    [
      '- { policy: prob, object: Pod/a, reason: x }',
      '[0]',
      'there is no policy "prob"; policies: probes, jobs',
    ],
    [
      '- { policy: probes, object: Pod/a, reason: x, until: never }',
      '[0]',
      'until is not known; an exception has policy, object and reason',
    ],
  ])('are not understood: %s', (text, path, reason) => {
    expect(read(text)).toEqual({ exceptions: [], problems: [{ path, reason }] });
  });

  it('have to be a list', () => {
    expect(read('probes: all').problems).toEqual([
      { reason: 'has to be a list of policy, object and reason' },
    ]);
    expect(read('- [').problems[0]?.reason).toMatch(/^is no YAML: /);
  });
});

describe('An exception', () => {
  const exception = { policy: 'probes', object: 'Pod/golden-*', reason: 'x' };

  it('is about the objects it names, and about its own policy', () => {
    expect(excepts(exception, 'probes', 'Pod/golden-1')).toBe(true);
    expect(excepts(exception, 'probes', 'Pod/other')).toBe(false);
    expect(excepts(exception, 'probes', 'OldPod/golden-1')).toBe(false);
    expect(excepts(exception, 'jobs', 'Pod/golden-1')).toBe(false);
  });

  it('takes a point for a point', () => {
    expect(excepts({ ...exception, object: 'KafkaTopic/a.b' }, 'probes', 'KafkaTopic/axb')).toBe(false);
  });
});
