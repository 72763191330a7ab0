import { describe, expect, it } from 'vitest';
import { forbiddenCalls } from './forbidden-functions.ts';
import { tinyChart } from './tiny-chart.setup.ts';

const calls = (text: string) => forbiddenCalls(tinyChart({ 'templates/sub/a.yaml': text }).folder);

describe('A template', () => {
  it.each([
    'lookup "v1" "Secret" "a" "b"',
    'randAlphaNum 8',
    'now | date "2006"',
    'genCA "a" 3',
    'uuidv4',
    'list 1 | shuffle',
  ])('may not call %s', (call) => {
    const [found, ...more] = calls(`a: 1\nb: {{ ${call} }}\n`);
    expect(found?.place).toBe('templates/sub/a.yaml:2');
    expect(found?.reason).toMatch(/; make it a value, or let an operator of the cluster make it$/);
    expect(more).toEqual([]);
  });

  it('may not call one in an action over several lines', () => {
    expect(calls('{{- $a := dict\n  "b" (now)\n-}}').map(({ place }) => place)).toEqual([
      'templates/sub/a.yaml:2',
    ]);
  });

  it.each([
    'now: {{ .Values.now }}',
    '{{/* now is the time to lookup */}}',
    '{{ "lookup" | quote }}',
    '{{ `now` }}',
    '{{ $now := 1 }}{{ $now }}',
    '# lookup in a comment of YAML',
    '{{ include "env" . }}',
    '{{ toString 1 }}',
  ])('may say %s', (text) => {
    expect(calls(text)).toEqual([]);
  });
});
