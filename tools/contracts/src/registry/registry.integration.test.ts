import { SCHEMAS } from '@eda/contracts';
import { testPlatform } from '@eda/testing';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../copy-contracts.ts';
import { applySubjects } from './apply.ts';
import { planSubjects } from './plan.ts';
import { registryAddress } from './registry-address.ts';
import { RegistryClient } from './registry-client.ts';
import { verifySubjects } from './verify.ts';
import type { WantedSubject } from './wanted-subject.ts';

let client: RegistryClient;
/** In front of every subject of a test; what begins with it is taken away after the test. */
let prefix: string;

beforeEach(() => {
  client = new RegistryClient({ ...registryAddress(testPlatform().registry.url), timeoutMs: 30_000 });
  prefix = `test-${randomUUID()}-`;
  onTestFinished(removeOwn);
});

async function removeOwn(): Promise<void> {
  const subjects = (await ask('/subjects?deleted=true')) as string[];
  // Those that others refer to go last.
  for (const subject of subjects.filter((each) => each.startsWith(prefix)).sort((a, b) => (a < b ? 1 : -1))) {
    for (const query of ['', '?permanent=true']) {
      await fetch(`${client.url}/subjects/${subject}${query}`, { method: 'DELETE' });
    }
  }
}

const ask = async (path: string): Promise<unknown> => (await client.ask('GET', path)).body;
const versions = async (name: string): Promise<unknown> => {
  const { ok, body } = await client.ask('GET', `/subjects/${prefix}${name}/versions`);
  return ok ? body : [];
};
const level = async (name: string): Promise<unknown> => ask(`/config/${prefix}${name}`);

const text = (name: string, rest: object = {}) => ({ name, type: 'string', ...rest });
const record = (name: string, ...fields: object[]) =>
  JSON.stringify({ type: 'record', name, namespace: 'test', fields });
const V1 = record('Thing', text('a'));
const V2 = record('Thing', text('a'), text('b', { default: '' }));
const BROKEN = record('Thing', text('a'), text('c'));

function wanted(name: string, schema: string, more: Partial<WantedSubject> = {}): WantedSubject {
  return { subject: `${prefix}${name}`, schema, compatibility: 'FULL_TRANSITIVE', ...more };
}
const plan = async (...subjects: WantedSubject[]) =>
  (await planSubjects(client, subjects)).map(({ subject, changes, refused }) => ({
    subject: subject.slice(prefix.length),
    changes: changes.map(({ kind }) => kind),
    ...(refused !== undefined && { refused }),
  }));
const apply = (...subjects: WantedSubject[]) => applySubjects(client, subjects);
const verify = async (...subjects: WantedSubject[]) =>
  (await verifySubjects(client, subjects, { prefix })).map((drift) => ({
    ...drift,
    subject: drift.subject.slice(prefix.length),
  }));

it('creates subjects with their level, once, and is in step then', async () => {
  const subjects = [wanted('a', V1), wanted('b', V1, { compatibility: 'BACKWARD_TRANSITIVE' })];
  const create = ['create-subject', 'set-compatibility'];
  expect(await plan(...subjects)).toEqual([
    { subject: 'a', changes: create },
    { subject: 'b', changes: create },
  ]);
  expect([await versions('a'), await versions('b')]).toEqual([[], []]);
  expect((await client.ask('GET', `/config/${prefix}a`)).status).toBe(404);
  expect(await verify(...subjects)).toMatchObject([{ kind: 'missing-subject' }, { kind: 'missing-subject' }]);

  const { applied, refused } = await apply(...subjects);
  expect(refused).toEqual([]);
  expect(applied.map(({ version }) => version)).toEqual([1, 1]);
  expect(await level('a')).toEqual({ compatibilityLevel: 'FULL_TRANSITIVE' });
  expect(await level('b')).toEqual({ compatibilityLevel: 'BACKWARD_TRANSITIVE' });

  const again = await apply(...subjects);
  expect(again.applied.map(({ changes }) => changes)).toEqual([[], []]);
  expect(again.applied.map(({ id }) => id).sort()).toEqual(applied.map(({ id }) => id).sort());
  expect([await versions('a'), await versions('b')]).toEqual([[1], [1]]);
  expect(await verify(...subjects)).toEqual([]);
});

it('adds a compatible version, and none for other words', async () => {
  await apply(wanted('a', V1));
  expect(await plan(wanted('a', V2))).toEqual([{ subject: 'a', changes: ['add-version'] }]);
  expect(await verify(wanted('a', V2))).toMatchObject([
    { kind: 'missing-version', newest: 1 },
    { kind: 'unknown-version', version: 1 },
  ]);
  expect((await apply(wanted('a', V2))).applied).toMatchObject([{ version: 2 }]);

  const inWords = wanted('a', record('Thing', text('a'), text('b', { doc: 'Second.', default: '' })));
  expect((await apply(inWords)).applied).toMatchObject([{ version: 2, changes: [] }]);
  expect(await verify({ ...inWords, earlier: [V1] })).toEqual([]);
});

it('writes nothing when one is refused, and tells the reason of the registry', async () => {
  await apply(wanted('a', V1), wanted('b', V1, { compatibility: 'BACKWARD' }));
  const subjects = [wanted('b', V2), wanted('new', V1), wanted('a', BROKEN)];
  const refused = 'not FULL_TRANSITIVE compatible with the versions there: c at /fields/1';
  expect(await plan(...subjects)).toEqual([
    { subject: 'b', changes: ['add-version', 'set-compatibility'] },
    { subject: 'new', changes: ['create-subject', 'set-compatibility'] },
    { subject: 'a', changes: ['add-version'], refused },
  ]);
  expect(await apply(...subjects)).toEqual({
    applied: [],
    written: false,
    refused: [{ subject: `${prefix}a`, refused }],
  });
  expect([await versions('a'), await versions('b'), await versions('new')]).toEqual([[1], [1], []]);
  expect(await level('b')).toEqual({ compatibilityLevel: 'BACKWARD' });
  expect((await client.ask('GET', `/config/${prefix}new`)).status).toBe(404);
});

it('tells a schema that is none and a level that does not exist, and writes nothing', async () => {
  const { refused } = await apply(
    wanted('ok', V1),
    wanted('none', '{"type":"recor"}'),
    wanted('level', V1, { compatibility: 'TOTAL' }),
  );
  expect(refused).toEqual([
    { subject: `${prefix}none`, refused: expect.stringContaining('the schema is not valid') as string },
    {
      subject: `${prefix}level`,
      refused: expect.stringContaining('compatibility TOTAL does not exist') as string,
    },
  ]);
  expect(await versions('ok')).toEqual([]);

  await apply(wanted('ok', V1));
  const later = await plan(wanted('ok', '{"type":"recor"}'));
  expect(later[0]?.refused).toContain('the schema is not valid');
});

it('changes a level, and checks a new version by the one that will hold', async () => {
  await apply(wanted('a', V1, { compatibility: 'NONE' }));
  // The registry would take it by the level that it has now.
  expect(await plan(wanted('a', BROKEN))).toMatchObject([
    {
      refused: expect.stringContaining(
        'not FULL_TRANSITIVE compatible: it cannot read data of version 1',
      ) as string,
    },
  ]);
  expect((await apply(wanted('a', BROKEN))).applied).toEqual([]);
  expect(await level('a')).toEqual({ compatibilityLevel: 'NONE' });
  expect(await verify(wanted('a', V1))).toEqual([
    { kind: 'compatibility', subject: 'a', is: 'NONE', expected: 'FULL_TRANSITIVE' },
  ]);

  expect((await apply(wanted('a', V2))).applied).toMatchObject([
    { version: 2, changes: [{ kind: 'add-version' }, { from: 'NONE', to: 'FULL_TRANSITIVE' }] },
  ]);
  // And the other way round: it would not take it by the level that it has now.
  const looser = wanted('a', BROKEN, { compatibility: 'FORWARD' });
  expect((await apply(looser)).applied).toMatchObject([{ version: 3 }]);
  expect(await level('a')).toEqual({ compatibilityLevel: 'FORWARD' });
});

it('registers what others refer to first, and follows it with new versions', async () => {
  const references = [{ name: 'test.Part', subject: `${prefix}part` }];
  const whole = (rest: object[] = []) =>
    wanted('whole', record('Whole', { name: 'part', type: 'test.Part' }, ...rest), { references });
  const part = (...fields: object[]) => wanted('part', record('Part', text('a'), ...fields));

  expect(await plan(whole(), part())).toMatchObject([{ subject: 'part' }, { subject: 'whole' }]);
  expect((await apply(whole(), part())).refused).toEqual([]);
  const stored = async (version: number) => ask(`/subjects/${prefix}whole/versions/${version}`);
  expect(await stored(1)).toMatchObject({ references: [{ ...references[0], version: 1 }] });
  expect(await verify(whole(), part())).toEqual([]);
  expect((await apply(whole(), part())).applied.every(({ changes }) => changes.length === 0)).toBe(true);

  // The registry does not look into what is referred to.
  const broken = await apply(whole(), part(text('b')));
  expect(broken.refused.map(({ subject }) => subject.slice(prefix.length))).toEqual(['part', 'whole']);
  expect(broken.refused[1]?.refused).toContain(
    'not FULL_TRANSITIVE compatible: it cannot read data of version 1',
  );
  expect([await versions('part'), await versions('whole')]).toEqual([[1], [1]]);

  const wider = part(text('b', { default: '' }));
  await apply(wider);
  expect(await verify(whole(), { ...wider, earlier: [part().schema] })).toEqual([
    {
      kind: 'references',
      subject: 'whole',
      version: 1,
      is: [{ ...references[0], version: 1 }],
      expected: [{ ...references[0], version: 2 }],
    },
  ]);
  expect((await apply(whole(), wider)).refused).toEqual([]);
  expect(await stored(2)).toMatchObject({ references: [{ ...references[0], version: 2 }] });
  expect((await plan(whole([text('y')]), wider))[1]?.refused).toContain('it cannot read data of version');
});

it('finds what is in the registry and not in git', async () => {
  const subjects = [wanted('a', V1), wanted('b', V1)];
  await apply(...subjects);
  await apply(wanted('b', V2), wanted('extra', V1), wanted('gone', V1));
  await fetch(`${client.url}/subjects/${prefix}gone`, { method: 'DELETE' });
  const found = await verify(...subjects);
  expect(found).toMatchObject([
    { kind: 'unknown-version', subject: 'b', version: 2, createdOn: expect.any(String) as string },
    { kind: 'unknown-subject', subject: 'extra', versions: 1 },
  ]);
  expect(await verifySubjects(client, [...subjects], { prefix, ignore: ['*-extra'] })).toHaveLength(1);
});

it('finds the schemas of the contracts in place', async () => {
  expect((await planSubjects(client, SCHEMAS)).flatMap(({ changes }) => changes)).toEqual([]);
});

it('is safe to run twice at once', async () => {
  const command = () => contracts('apply', '--prefix', prefix);
  const results = await Promise.all([command(), command(), command()]);
  expect(results.map(({ code, err }) => ({ code, err }))).toEqual(Array(3).fill({ code: 0, err: '' }));
  for (const { subject } of SCHEMAS) expect(await versions(subject)).toEqual([1]);
  expect(await contracts('plan', '--prefix', prefix)).toMatchObject({ code: 0 });
  expect(await contracts('verify', '--prefix', prefix)).toMatchObject({ code: 0, err: '' });
});

/** Runs the program as a Job does. */
function contracts(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const main = join(ROOT, 'tools/contracts/src/main.ts');
  const env = { ...process.env, SCHEMA_REGISTRY_URL: client.url };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}
