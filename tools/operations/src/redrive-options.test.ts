import { describe, expect, it } from 'vitest';
import { parseRedrive } from './redrive-options.ts';
import { UsageError } from './usage-error.ts';

const REQUIRED = ['--topic', 't', '--group', 'g'];
const filterOf = (...filters: string[]) => {
  const command = parseRedrive([...REQUIRED, ...filters.flatMap((filter) => ['--filter', filter])]);
  return command.name === 'redrive' ? command.filter : undefined;
};

describe('the command line of redrive', () => {
  it('names topic and group, and everything else may be left out', () => {
    expect(parseRedrive(REQUIRED)).toEqual({
      name: 'redrive',
      topic: 't',
      group: 'g',
      filter: {},
      dryRun: false,
      limit: undefined,
    });
    expect(parseRedrive([...REQUIRED, '--dry-run', '--limit', '20'])).toMatchObject({
      dryRun: true,
      limit: 20,
    });
    expect(parseRedrive(['--help'])).toEqual({ name: 'help' });
  });

  it.each([
    ['code=A, B', { codes: ['A', 'B'] }],
    ['class=TypeError', { errorNames: ['TypeError'] }],
    ['stage=decode', { stage: 'decode' }],
    ['key=a=b', { key: 'a=b' }],
    ['from=2026-11-22T08:00Z', { failedFrom: new Date('2026-11-22T08:00Z') }],
    ['until=2026-11-22', { failedBefore: new Date('2026-11-22') }],
    ['partition=3', { partition: 3 }],
    ['offset=7', { fromOffset: 7n, toOffset: 7n }],
    ['offset=7..', { fromOffset: 7n }],
    ['offset=..9', { toOffset: 9n }],
    ['offset=7..9', { fromOffset: 7n, toOffset: 9n }],
  ])('understands the filter %s', (text, filter) => {
    expect(filterOf(text)).toEqual(filter);
  });

  it('puts filters together', () => {
    expect(filterOf('code=A', 'partition=0')).toEqual({ codes: ['A'], partition: 0 });
  });

  it.each([
    [['--group', 'g'], '--topic is missing'],
    [['--topic', 't'], '--group is missing'],
    [[...REQUIRED, '--limit', '0'], '--limit is 0'],
    [[...REQUIRED, '--limit', 'many'], '--limit is "many"'],
    [[...REQUIRED, '--dry'], "'--dry'"],
    [[...REQUIRED, 'more'], "'more'"],
    [[...REQUIRED, '--filter', 'BROKEN'], 'code=BROKEN'],
    [[...REQUIRED, '--filter', 'colour=red'], 'colour is not known'],
    [[...REQUIRED, '--filter', 'stage=commit'], 'expected decode or handler'],
    [[...REQUIRED, '--filter', 'from=yesterday'], 'is not a time'],
    [[...REQUIRED, '--filter', 'offset=a..b'], 'offset=a..b'],
    [[...REQUIRED, '--filter', 'offset=9..7'], 'offset=9..7 ends before it begins'],
    [[...REQUIRED, '--filter', 'code=,'], 'code=, names nothing'],
    [[...REQUIRED, '--filter', 'until=2026-11-22', '--filter', 'from=2026-11-23'], 'until is not after'],
    [[...REQUIRED, '--filter', 'code=A', '--filter', 'code=B'], 'code stands twice'],
  ])('says what is wrong with %j', (args, message) => {
    expect(() => parseRedrive(args)).toThrow(UsageError);
    expect(() => parseRedrive(args)).toThrow(message);
  });
});
