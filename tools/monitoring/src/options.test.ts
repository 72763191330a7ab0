import { expect, it } from 'vitest';
import { UsageError } from './errors.ts';
import { parseOptions } from './options.ts';

it.each([
  [['check'], { name: 'check' }],
  [['test-rules'], { name: 'test-rules' }],
  [['generate'], { name: 'generate' }],
  [['--help'], { name: 'help' }],
  [['record', 'postgres'], { name: 'record', source: 'postgres' }],
  [
    ['record', 'kafka-exporter', '--source', 'a.go'],
    { name: 'record', source: 'kafka-exporter', file: 'a.go' },
  ],
])('takes %j', (args, command) => {
  expect(parseOptions(args)).toEqual(command);
});

it.each([
  [[], /A command is missing/],
  [['chek'], /no command "chek"/],
  [['check', 'all'], /"all" is not expected/],
  [['record'], /A source is missing, one of kafka-broker, /],
  [['record', 'mysql'], /no source "mysql"/],
  [['record', 'postgres', 'kubelet'], /One source at a time/],
  [['record', 'postgres', '--source', 'a.go'], /record kafka-exporter only/],
  [['check', '--all'], /--all/],
])('refuses %j', (args, message) => {
  expect(() => parseOptions(args)).toThrow(UsageError);
  expect(() => parseOptions(args)).toThrow(message);
});
