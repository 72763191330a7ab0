import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { commonConfig, ConfigError, databaseConfig, kafkaConfig, loadConfig, port } from './config.ts';

const schema = Type.Object({ ...commonConfig, ...kafkaConfig, ...databaseConfig, PORT: port(3001) });
const DATABASE_URL = 'postgres://eda:hidden@127.0.0.1:5433/store';

function configError(env: NodeJS.ProcessEnv): ConfigError {
  try {
    loadConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('loadConfig', () => {
  it('fills in defaults and ignores variables it does not know', () => {
    expect(loadConfig(schema, { DATABASE_URL, HOME: '/home/somebody' })).toEqual({
      PORT: 3001,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      SHUTDOWN_DRAIN_MS: 200,
      SHUTDOWN_DEADLINE_MS: 20_000,
      OTEL_TRACES_SAMPLER: 'parentbased_always_on',
      OTEL_TRACES_SAMPLER_ARG: 1,
      KAFKA_BROKERS: [],
      KAFKA_CREDENTIALS_DIR: '',
      KAFKA_TOPIC_PREFIX: '',
      KAFKA_COMPRESSION: 'zstd',
      KAFKA_CLIENT: 'kafkajs',
      SCHEMA_REGISTRY_URL: 'http://127.0.0.1:8081/apis/ccompat/v7',
      DATABASE_URL,
    });
  });

  it('turns text into numbers and lists, and treats an empty variable as absent', () => {
    const config = loadConfig(schema, {
      DATABASE_URL,
      PORT: ' 8080 ',
      LOG_LEVEL: '',
      KAFKA_BROKERS: 'a:1, b:2,',
    });
    expect(config).toMatchObject({ PORT: 8080, LOG_LEVEL: 'info', KAFKA_BROKERS: ['a:1', 'b:2'] });
  });

  it.each([
    ['true', true],
    ['0', false],
  ])('reads the flag %s as %s', (text, expected) => {
    expect(loadConfig(Type.Object({ FLAG: Type.Boolean() }), { FLAG: text }).FLAG).toBe(expected);
  });

  it('lists every bad variable with its value and what is expected', () => {
    const { problems, message } = configError({ PORT: '70000', LOG_LEVEL: 'loud', KAFKA_BROKERS: 'kafka' });
    expect(problems).toEqual([
      'PORT is "70000": expected an integer from 0 to 65535, the port the HTTP server listens on (default: 3001)',
      'LOG_LEVEL is "loud": expected one of fatal, error, warn, info, debug, trace, silent (default: info)',
      'KAFKA_BROKERS is "kafka": expected broker addresses host:port, separated by commas; without them those of KAFKA_CREDENTIALS_DIR, or 127.0.0.1:9092 (default: empty)',
      'DATABASE_URL is missing: expected a PostgreSQL URL, postgres://user:password@host:port/database',
    ]);
    expect(message).toMatch(/^4 environment variables are wrong:\n {2}PORT is/);
  });

  it.each(['80.5', '0x50', 'true', '1e3', 'NaN'])('does not take %s for a port', (text) => {
    expect(configError({ DATABASE_URL, PORT: text }).problems).toHaveLength(1);
  });

  it('never shows the value of a secret, marked or named as one', () => {
    expect(configError({ DATABASE_URL: 'mysql://eda:hidden@host/db' }).message).not.toContain('hidden');
    const named = Type.Object({ API_TOKEN: Type.String({ minLength: 20 }) });
    expect(() => loadConfig(named, { API_TOKEN: 'hidden' })).toThrow(
      /API_TOKEN is not valid \(its value is a secret\)/,
    );
  });

  it('cannot be changed afterwards, and neither can the next one through a shared default', () => {
    const config = loadConfig(schema, { DATABASE_URL });
    expect(() => Object.assign(config, { PORT: 1 })).toThrow(TypeError);
    expect(() => config.KAFKA_BROKERS.push('other:1')).toThrow(TypeError);
    expect(loadConfig(schema, { DATABASE_URL }).KAFKA_BROKERS).toEqual([]);
  });
});
