import { describe, expect, it } from 'vitest';
import { levelBreach, levelProblem, schemaProblem } from './check-level.ts';

const record = (...fields: object[]) =>
  JSON.stringify({ type: 'record', name: 'Thing', namespace: 'test', fields });
const a = { name: 'a', type: 'string' };
const b = { name: 'b', type: 'string' };
const PLAIN = record(a);
const WITH_DEFAULT = record(a, { ...b, default: '' });
const WITHOUT_DEFAULT = record(a, b);

describe('a new version against the one before', () => {
  it.each<[string, string, string, boolean]>([
    ['BACKWARD', PLAIN, WITHOUT_DEFAULT, false],
    ['FORWARD', PLAIN, WITHOUT_DEFAULT, true],
    ['FULL', PLAIN, WITHOUT_DEFAULT, false],
    ['BACKWARD', WITHOUT_DEFAULT, PLAIN, true],
    ['FORWARD', WITHOUT_DEFAULT, PLAIN, false],
    ['FULL', WITHOUT_DEFAULT, PLAIN, false],
    ['FULL', PLAIN, WITH_DEFAULT, true],
    ['NONE', PLAIN, '"string"', true],
  ])('%s: %s then %s is taken: %s', (level, before, after, taken) => {
    const earlier = [{ version: 1, schema: before }];
    expect(levelBreach(level, after, earlier) === undefined).toBe(taken);
    expect(
      levelBreach(`${level}_TRANSITIVE`.replace('NONE_TRANSITIVE', 'NONE'), after, earlier) === undefined,
    ).toBe(taken);
  });
});

it('looks at all versions when the level is transitive, else at the newest alone', () => {
  const earlier = [PLAIN, WITH_DEFAULT].map((schema, index) => ({ version: index + 1, schema }));
  expect(levelBreach('BACKWARD', WITHOUT_DEFAULT, earlier)).toBeUndefined();
  expect(levelBreach('BACKWARD_TRANSITIVE', WITHOUT_DEFAULT, earlier)).toMatch(
    /^it cannot read data of version 1: .*b/,
  );
});

it('says which side cannot read', () => {
  expect(levelBreach('FORWARD', PLAIN, [{ version: 7, schema: WITHOUT_DEFAULT }])).toMatch(
    /^version 7 cannot read its data: /,
  );
});

it('tells levels and schemas that are none', () => {
  expect(levelProblem('FULL_TRANSITIVE')).toBeUndefined();
  expect(levelProblem('NONE_TRANSITIVE')).toContain(
    'does not exist, only NONE, BACKWARD, BACKWARD_TRANSITIVE',
  );
  expect(schemaProblem(PLAIN)).toBeUndefined();
  expect(schemaProblem('{"type":"recor"}')).toMatch(/^the schema is not valid: /);
  // What avsc takes, and a registry does not.
  for (const aliases of ['item', [1]])
    expect(schemaProblem(record({ ...a, aliases }))).toMatch(/^the schema is not valid: \/fields\/0: /);
  expect(schemaProblem('no JSON')).toMatch(/^the schema is not valid: /);
});
