import { registryRequest, SCHEMAS } from '@eda/contracts';
import { testPlatform } from '@eda/testing';
import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { registerSchemas } from './register-schemas.ts';

const registryUrl = (): string => testPlatform().registry.url;
const schemaOf = (name: string, ...fields: object[]) =>
  JSON.stringify({ type: 'record', name, namespace: 'test', fields });
const text = (name: string, rest: object = {}) => ({ name, type: 'string', ...rest });

/** A definition under a subject of its own, which is taken away after the test. */
function definition(schema: string) {
  const subject = `test-${randomUUID()}-value`;
  onTestFinished(async () => {
    await fetch(`${registryUrl()}/subjects/${subject}`, { method: 'DELETE' });
    await fetch(`${registryUrl()}/subjects/${subject}?permanent=true`, { method: 'DELETE' });
  });
  return { subject, type: 'test.Thing', schema, compatibility: 'FULL_TRANSITIVE' };
}
const register = (...schemas: ReturnType<typeof definition>[]) =>
  registerSchemas({ registryUrl: registryUrl(), schemas });
const ask = async (path: string): Promise<unknown> =>
  (await registryRequest({ registryUrl: registryUrl() }, 'GET', path)).body;

it('adds each schema with its compatibility level, once', async () => {
  const thing = definition(schemaOf('Thing', text('a')));
  const [first] = await register(thing);
  expect(first).toEqual({ subject: thing.subject, id: expect.any(Number) as number, created: true });
  expect(await register(thing)).toEqual([{ ...first, created: false }]);
  expect(await ask(`/subjects/${thing.subject}/versions`)).toEqual([1]);
  expect(await ask(`/config/${thing.subject}`)).toEqual({ compatibilityLevel: 'FULL_TRANSITIVE' });
});

it('adds a compatible version', async () => {
  const thing = definition(schemaOf('Thing', text('a')));
  await register(thing);
  const [second] = await register({
    ...thing,
    schema: schemaOf('Thing', text('a'), text('b', { default: '' })),
  });
  expect(second?.created).toBe(true);
  expect(await ask(`/subjects/${thing.subject}/versions`)).toEqual([1, 2]);
});

it('tells which schema the registry refuses because it is not compatible, and adds nothing', async () => {
  const thing = definition(schemaOf('Thing', text('a')));
  await register(thing);
  const incompatible = register({ ...thing, schema: schemaOf('Thing', text('a'), text('b')) });
  await expect(incompatible).rejects.toMatchObject({
    name: 'SchemaRefused',
    subject: thing.subject,
    message: expect.stringContaining(
      `${thing.subject}: the schema of test.Thing is not FULL_TRANSITIVE compatible with the versions there`,
    ) as string,
  });
  expect(await ask(`/subjects/${thing.subject}/versions`)).toEqual([1]);
});

it('tells a schema that is none, and a level that does not exist', async () => {
  const none = definition('{"type":"recor"}');
  await expect(register(none)).rejects.toThrow(
    `${none.subject}: the schema of test.Thing was refused (the registry answered 422`,
  );
  const level = { ...definition(schemaOf('Thing', text('a'))), compatibility: 'TOTAL' };
  await expect(register(level)).rejects.toThrow(`${level.subject}: compatibility TOTAL was refused`);
});

it('says that the registry does not answer', async () => {
  const unreachable = registerSchemas({ registryUrl: 'http://127.0.0.1:1', schemas: SCHEMAS });
  await expect(unreachable).rejects.toMatchObject({ name: 'RegistryUnavailableError', verdict: 'transient' });
});

it('finds the schemas of the contracts in place', async () => {
  const registered = await registerSchemas({ registryUrl: registryUrl(), schemas: SCHEMAS });
  expect(registered.map(({ subject }) => subject)).toEqual(SCHEMAS.map(({ subject }) => subject));
  expect(registered.every(({ created }) => !created)).toBe(true);
});
