import { describe, expect, it } from 'vitest';
import { DEFAULT_PORTS } from './apps.ts';
import { parseStartOptions, UsageError } from './options.ts';

describe('npm start understands', () => {
  it('nothing at all: the default ports and one movement per second', () => {
    expect(parseStartOptions([])).toEqual({
      fresh: false,
      instance: 'dev',
      rate: 1,
      ports: DEFAULT_PORTS,
      platform: { ports: {} },
    });
  });

  it('the ports that others build on', () => {
    expect(DEFAULT_PORTS).toMatchObject({ console: 3000, store: 3001, inventory: 3002, replenishment: 3003 });
  });

  it('ports, rate, provider and a fresh start', () => {
    expect(
      parseStartOptions([
        '--fresh',
        '--rate',
        '0',
        '--console-port',
        '4000',
        '--kafka-port=19092',
        '--provider',
        'embedded',
      ]),
    ).toMatchObject({
      fresh: true,
      rate: 0,
      ports: { console: 4000, store: 3001 },
      platform: { provider: 'embedded', ports: { kafka: 19_092 } },
    });
  });

  it('a cry for help', () => {
    expect(parseStartOptions(['--help'])).toBe('help');
  });
});

describe('npm start refuses', () => {
  it.each([
    [['--frehs'], "Unknown option '--frehs'"],
    [['--store-port', 'http'], '--store-port must be a port between 1 and 65535, not "http"'],
    [['--rate', '-1'], 'argument is ambiguous'],
    [['--rate', 'fast'], '--rate must be a number of movements per second between 0 and 1000, not "fast"'],
    [
      ['--instance', '../other'],
      '--instance must be up to 31 small letters, digits and dashes, not "../other"',
    ],
    [['--provider', 'cloud'], '--provider must be given or container or embedded, not "cloud"'],
  ])('%j with a reason', (args, reason) => {
    expect(() => parseStartOptions(args)).toThrow(UsageError);
    expect(() => parseStartOptions(args)).toThrow(reason);
  });
});
