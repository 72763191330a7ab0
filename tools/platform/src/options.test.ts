import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.ts';

describe('The command line', () => {
  it('starts the default instance when nothing is said', () => {
    expect(parseOptions([], {})).toEqual({
      command: 'up',
      instance: 'dev',
      ports: {},
      fresh: false,
      untilStdinEnds: false,
    });
  });

  it('takes ports and provider from options, else from the environment', () => {
    const env = {
      PLATFORM_PROVIDER: 'container',
      PLATFORM_KAFKA_PORT: '19092',
      PLATFORM_REGISTRY_PORT: '18081',
    };
    expect(parseOptions(['up', '--kafka-port', '29092', '--provider=embedded'], env)).toMatchObject({
      provider: 'embedded',
      ports: { kafka: 29_092, registry: 18_081 },
    });
  });

  it.each([
    [['start'], {}, '"start" is not a command; up, down and status are.'],
    [['up', 'down'], {}, '"up down" is not a command'],
    [['--kafka-prot', '1'], {}, "Unknown option '--kafka-prot'"],
    [['--kafka-port', '70000'], {}, '--kafka-port must be a port between 0 and 65535, not "70000".'],
    [
      [],
      { PLATFORM_DATABASE_PORT: 'x' },
      'PLATFORM_DATABASE_PORT must be a port between 0 and 65535, not "x".',
    ],
    [['--provider', 'cloud'], {}, '--provider must be given, container, embedded, not "cloud".'],
    [['--instance', '../x'], {}, '--instance must be lower-case letters, digits and hyphens'],
  ])('refuses %j with %j', (args, env, message) => {
    expect(() => parseOptions(args, env)).toThrow(message);
  });
});
