import { describe, expect, it } from 'vitest';
import { chooseProvider } from './choose.ts';

const GIVEN = {
  KAFKA_BROKERS: 'a:1, b:2',
  SCHEMA_REGISTRY_URL: 'http://c:3/apis/ccompat/v7/',
  DATABASE_URL: 'postgresql://d:4/x',
};
const noEngine = () => Promise.resolve('there is none.');
const engine = () => Promise.resolve(undefined);

describe('The provider', () => {
  it('is what the environment gives, before everything else', async () => {
    expect((await chooseProvider({ env: GIVEN, engineProblem: engine })).name).toBe('given');
  });

  it('is the container engine when one answers', async () => {
    expect((await chooseProvider({ env: {}, engineProblem: engine })).name).toBe('container');
  });

  it('is embedded when there is nothing else', async () => {
    expect((await chooseProvider({ env: {}, engineProblem: noEngine })).name).toBe('embedded');
  });

  it('can be forced against the order', async () => {
    expect((await chooseProvider({ forced: 'embedded', env: GIVEN, engineProblem: engine })).name).toBe(
      'embedded',
    );
    expect((await chooseProvider({ forced: 'container', env: GIVEN, engineProblem: engine })).name).toBe(
      'container',
    );
  });

  it('is refused when it is forced and not possible', async () => {
    await expect(chooseProvider({ forced: 'container', env: {}, engineProblem: noEngine })).rejects.toThrow(
      'Provider "container" needs a container engine: there is none.',
    );
    await expect(chooseProvider({ forced: 'given', env: {} })).rejects.toThrow(
      'needs KAFKA_BROKERS, SCHEMA_REGISTRY_URL and DATABASE_URL',
    );
  });

  it('is refused when only some of the addresses are given', async () => {
    const { KAFKA_BROKERS } = GIVEN;
    await expect(chooseProvider({ env: { KAFKA_BROKERS }, engineProblem: engine })).rejects.toThrow(
      'KAFKA_BROKERS is set, but SCHEMA_REGISTRY_URL and DATABASE_URL are not.',
    );
  });
});
