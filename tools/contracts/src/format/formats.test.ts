import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { showsColours } from '../shows-colours.ts';
import type { Finding } from '../finding.ts';
import { RULES } from '../rules.ts';
import { FORMATS } from './formats.ts';

const error: Finding = {
  code: 'C001',
  severity: 'error',
  file: 'schemas/a, b/v1/A#1.avsc',
  line: 7,
  column: 15,
  field: 'fields.note',
  message: 'unknown type "strin" of 100%',
  why: 'First line\nsecond line.',
  fix: 'Did you mean "string"?',
};
const warning: Finding = { ...error, code: 'C035', severity: 'warning', line: 123, field: '' };
const other: Finding = { ...error, file: 'apps/store/asyncapi.yaml', message: 'with \u001b[31m and \u0007' };

function format(name: string, findings: readonly Finding[], colours = false): string {
  return FORMATS.get(name)?.(findings, { colours }) ?? 'no such format';
}

describe('text', () => {
  it('groups by file, aligns the places and counts', () => {
    expect(format('text', [error, warning])).toBe(
      [
        'schemas/a, b/v1/A#1.avsc',
        '  7:15    error C001  fields.note: unknown type "strin" of 100%',
        '          why: First line\\u000asecond line.',
        '          fix: Did you mean "string"?',
        '  123:15  warning C035  unknown type "strin" of 100%',
        '          why: First line\\u000asecond line.',
        '          fix: Did you mean "string"?',
        '',
        '1 error and 1 warning in 1 file',
        '',
      ].join('\n'),
    );
  });

  it('shows control characters of a file instead of sending them to the terminal', () => {
    expect(format('text', [other])).toContain('with \\u001b[31m and \\u0007');
  });

  it('says so when there is nothing', () => {
    expect(format('text', [])).toBe('The contracts have no findings.\n');
  });

  it('has the same words in colour', () => {
    const coloured = format('text', [error, other], true);
    expect(coloured).toContain('\u001b[31merror C001');
    expect(stripVTControlCharacters(coloured)).toBe(format('text', [error, other]));
  });

  it.each([
    ['a terminal', true, {}, true],
    ['a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['a terminal that knows none', true, { TERM: 'dumb' }, false],
    ['a pipe', undefined, {}, false],
  ])('is coloured or not for %s', (_, isTerminal, env, expected) => {
    expect(showsColours(isTerminal, env)).toBe(expected);
  });
});

it('json has every part of a finding', () => {
  expect(JSON.parse(format('json', [error, warning]))).toEqual({ findings: [error, warning] });
  expect(JSON.parse(format('json', []))).toEqual({ findings: [] });
});

it('github escapes what would end a property or the command', () => {
  expect(format('github', [error, warning])).toBe(
    '::error file=schemas/a%2C b/v1/A#1.avsc,line=7,col=15,title=C001 Not an Avro schema::' +
      'fields.note: unknown type "strin" of 100%25. First line%0Asecond line. Did you mean "string"?\n' +
      '::warning file=schemas/a%2C b/v1/A#1.avsc,line=123,col=15,title=C035 Personal data that is kept for ever::' +
      'unknown type "strin" of 100%25. First line%0Asecond line. Did you mean "string"?\n',
  );
  expect(format('github', [])).toBe('');
});

describe('sarif', () => {
  interface Log {
    readonly version: string;
    readonly $schema: string;
    readonly runs: readonly {
      readonly columnKind: string;
      readonly tool: {
        readonly driver: { readonly name: string; readonly rules: readonly { id: string }[] };
      };
      readonly results: readonly { ruleId: string; ruleIndex: number }[];
    }[];
  }
  const parse = (findings: readonly Finding[]) => JSON.parse(format('sarif', findings)) as Log;

  it('lists every rule with a text that helps', () => {
    const [run] = parse([]).runs;
    expect(run?.results).toEqual([]);
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(Object.keys(RULES));
    expect(run?.tool.driver.rules[0]).toEqual({
      id: 'C001',
      name: 'NotAnAvroSchema',
      shortDescription: { text: RULES.C001.title },
      fullDescription: { text: RULES.C001.why },
      help: {
        text: expect.stringContaining(RULES.C001.fix) as string,
        markdown: expect.stringContaining(RULES.C001.fix) as string,
      },
      defaultConfiguration: { level: 'error' },
    });
  });

  it('has results with their rule, their place as a relative URI, and an identity that does not move with the line', () => {
    const log = parse([error, warning]);
    expect(log).toMatchObject({ version: '2.1.0', $schema: 'https://json.schemastore.org/sarif-2.1.0.json' });
    const [run] = log.runs;
    expect(run?.columnKind).toBe('utf16CodeUnits');
    expect(
      run?.results.map(({ ruleId, ruleIndex }) => run.tool.driver.rules[ruleIndex]?.id === ruleId),
    ).toEqual([true, true]);
    expect(run?.results[0]).toEqual({
      ruleId: 'C001',
      ruleIndex: 0,
      level: 'error',
      message: {
        text: 'fields.note: unknown type "strin" of 100%. First line\nsecond line. Did you mean "string"?',
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'schemas/a,%20b/v1/A%231.avsc' },
            region: { startLine: 7, startColumn: 15 },
          },
          logicalLocations: [{ fullyQualifiedName: 'fields.note' }],
        },
      ],
      partialFingerprints: {
        'contractFinding/v1': 'C001|schemas/a, b/v1/A#1.avsc|fields.note|unknown type "strin" of 100%',
      },
    });
  });

  it('tells equal findings on different lines apart', () => {
    const results = parse([error, { ...error, line: 9 }]).runs[0]?.results;
    const identities = (results as unknown as { partialFingerprints: object }[]).map(
      ({ partialFingerprints }) => JSON.stringify(partialFingerprints),
    );
    expect(new Set(identities).size).toBe(2);
  });
});
