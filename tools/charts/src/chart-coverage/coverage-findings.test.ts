import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { describeFinding } from '../finding.ts';
import { coverageFindings } from './coverage-findings.ts';

/** The first of all waits while the program is built. */
const BUILD_MS = 600_000;

const APP: Readonly<Record<string, string>> = {
  'app/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 0.1.0\n',
  'app/values.yaml': 'name: one\n',
  'app/ci/default-values.yaml': '{}\n',
  'app/templates/config-map.yaml': map('{{ .Values.name }}'),
  'app/tests/config-map_test.yaml': suite('config-map.yaml', { 'is there': {} }),
};

/** A ConfigMap with this in it. */
function map(...lines: string[]): string {
  return ['apiVersion: v1', 'kind: ConfigMap', 'metadata:', '  name: app', 'data:', '  key: value', ...lines]
    .map((line, index) => (index < 6 ? line : `  # ${line}`))
    .join('\n');
}

type Tests = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A suite of a template: the values of each test by its name. */
function suite(template: string, tests: Tests): string {
  return JSON.stringify({
    suite: template,
    templates: [`templates/${template}`],
    tests: Object.entries(tests).map(([it, set]) => ({
      it,
      set,
      asserts: [{ isKind: { of: 'ConfigMap' } }],
    })),
  });
}

/** Returns what is found in a chart of a workspace with these files below charts/, as lines. */
async function found(files: Readonly<Record<string, string>>, chart = 'app'): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), 'coverage-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [file, content] of Object.entries({ ...APP, ...files })) {
    const path = join(root, 'charts', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return (await coverageFindings(root, chart)).map(describeFinding);
}

const NEVER = 'in a test or a variant';

test('nothing is found where all is seen', { timeout: BUILD_MS }, async () => {
  expect(await found({})).toEqual([]);
});

test('a template of which no test gets a document is found', async () => {
  const none = [
    'app: templates/other.yaml: no test gets a document of it; add one that looks at what it renders',
  ];
  const other = { 'app/templates/other.yaml': map() };
  expect(await found(other)).toEqual(none);
  const tests = JSON.stringify({
    suite: 'other',
    templates: ['templates/other.yaml'],
    tests: [{ it: 'is refused', set: { stop: true }, asserts: [{ failedTemplate: {} }] }],
  });
  const refused = {
    'app/templates/other.yaml': `{{ if .Values.stop }}{{ fail "no" }}{{ end }}\n${map()}`,
    'app/tests/other_test.yaml': tests,
  };
  expect(await found(refused)).toEqual(none);
  expect(await found({ ...other, 'app/tests/other_test.yaml': suite('other.yaml', { is: {} }) })).toEqual([]);
});

test('a value that no template uses is found', async () => {
  const values = 'name: one\ngroup:\n  used: 1\n  dead: 2\nlist:\n  - used: a\n    dead: b\n';
  const template = map(
    '{{ .Values.name }} {{ .Values.group.used }}',
    '{{- range .Values.list }}{{ .used }}{{ end }}',
  );
  expect(
    await found({
      'app/values.yaml': values,
      'app/templates/config-map.yaml': template,
    }),
  ).toEqual([
    expect.stringMatching(/^app: values.yaml: group.dead: nothing changes in any test or variant/),
    expect.stringMatching(/^app: values.yaml: list\[\].dead: nothing changes/),
  ]);
});

test.each([
  ['toYaml', '{{ toYaml .Values.group | nindent 2 | replace "\\n" " " }}'],
  ['range', '{{ range $key, $value := .Values.group }}{{ $key }}={{ $value }}{{ end }}'],
  ['a define', '{{ include "app.group" . }}', '{{ define "app.group" }}{{ .Values.group.inner }}{{ end }}'],
  [
    'dict',
    '{{ include "app.group" (dict "root" $) }}',
    '{{ define "app.group" }}{{ .root.Values.group.inner }}{{ end }}',
  ],
  ['index', '{{ index .Values "group" "inner" }}'],
])('a value is used by %s', async (_, line, helpers = '') => {
  const files = {
    'app/values.yaml': 'name: one\ngroup:\n  inner: 2\n',
    'app/templates/config-map.yaml': map('{{ .Values.name }}', line),
    'app/templates/_helpers.tpl': helpers,
  };
  expect(await found(files)).toEqual([]);
});

test('an empty value is used when something else comes out with a full one', async () => {
  const files = {
    'app/values.yaml': 'name: one\nlist: []\nobject: {}\ntext: ""\nnothing: null\n',
    'app/templates/config-map.yaml': map(
      '{{ .Values.name }} {{ toJson .Values.list }} {{ toJson .Values.object }} {{ .Values.text }}',
    ),
  };
  expect(await found(files)).toEqual([expect.stringMatching(/^app: values.yaml: nothing: /)]);
});

test.each([
  ['if', '{{ if .Values.flag }}x{{ end }}', [true, false], ['true', 'false']],
  ['with', '{{ with .Values.flag }}{{ . }}{{ end }}', ['a', ''], ['filled', 'empty']],
  ['range', '{{ range .Values.flag }}{{ . }}{{ else }}x{{ end }}', [['a'], []], ['filled', 'empty']],
])('a side of %s that is never taken is found', async (kind, line, [full, empty], [filled, not]) => {
  const files = (...on: unknown[]) => ({
    'app/values.yaml': `name: one\nflag: ${JSON.stringify(on[0])}\n`,
    'app/templates/config-map.yaml': map('{{ .Values.name }}', line),
    'app/tests/config-map_test.yaml': suite(
      'config-map.yaml',
      Object.fromEntries(on.map((value, index) => [`test ${index}`, { flag: value }])),
    ),
  });
  const at = `app: templates/config-map.yaml:8: \`${kind} .Values.flag\` is never`;
  const way = 'though another value of flag leads there; add a test';
  expect(await found(files(full))).toEqual([`${at} ${not} ${NEVER}, ${way}`]);
  expect(await found(files(empty))).toEqual([`${at} ${filled} ${NEVER}, ${way}`]);
  expect(await found(files(full, empty))).toEqual([]);
});

test('each branch of else if is one, and a branch that no value leads to may go', async () => {
  const files = {
    'app/values.yaml': 'name: one\n',
    'app/templates/config-map.yaml': map(
      '{{ if eq .Values.name "one" }}1{{ else if eq .Release.Name "two" }}2{{ end }}',
    ),
  };
  expect(await found(files)).toEqual([
    expect.stringMatching(/`if eq .Values.name "one"` is never false .* another value of name leads there/),
    `app: templates/config-map.yaml:7: \`if eq .Release.Name "two"\` is never true ${NEVER}; add a test, or take it out`,
    expect.stringMatching(/`if eq .Release.Name "two"` is never false/),
  ]);
});

test('a branch counts in a variant, in a refusal, and where the test of a suite looks', async () => {
  const base = {
    'app/values.yaml': 'name: one\nflag: false\n',
    'app/templates/config-map.yaml': map('{{ .Values.name }}{{ if .Values.flag }}x{{ end }}'),
  };
  expect(await found({ ...base, 'app/ci/on-values.yaml': 'flag: true\n' })).toEqual([]);
  const refusal = {
    ...base,
    'app/templates/config-map.yaml': map('{{ .Values.name }}{{ if .Values.flag }}{{ fail "no" }}{{ end }}'),
    'app/tests/refusal_test.yaml': JSON.stringify({
      suite: 'refusal',
      // It may be any template that refuses, whichever the test names.
      tests: [
        {
          it: 'refuses',
          template: 'templates/other.yaml',
          set: { flag: true },
          asserts: [{ failedTemplate: {} }],
        },
      ],
    }),
    'app/templates/other.yaml': map(),
    'app/tests/other_test.yaml': suite('other.yaml', { 'is there': {} }),
  };
  expect(await found(refusal)).toEqual([]);
  const elsewhere = {
    ...base,
    'app/templates/other.yaml': map(),
    'app/tests/other_test.yaml': JSON.stringify({
      suite: 'other',
      tests: [
        {
          it: 'looks at another template',
          template: 'templates/other.yaml',
          set: { flag: true },
          asserts: [{ isKind: { of: 'ConfigMap' } }],
        },
      ],
    }),
  };
  expect(await found(elsewhere)).toEqual([expect.stringMatching(/`if .Values.flag` is never true/)]);
});

test('a define that nothing includes is found', async () => {
  expect(await found({ 'app/templates/_helpers.tpl': '{{ define "app.lost" }}x{{ end }}' })).toEqual([
    `app: templates/_helpers.tpl:1: "app.lost" is never included ${NEVER}; add a test, or take it out`,
  ]);
});

const LIBRARY: Readonly<Record<string, string>> = {
  'lib/Chart.yaml': 'apiVersion: v2\nname: lib\ntype: library\nversion: 0.1.0\n',
  'lib/values.yaml': 'exports:\n  group:\n    flag: false\n    dead: 1\n',
  'lib/templates/_text.tpl':
    '{{ define "lib.text" }}{{ if .Values.flag }}x{{ end }}\n{{ if .Files.Get "extra" }}y{{ end }}{{ end }}',
  'app/Chart.yaml':
    'apiVersion: v2\nname: app\nversion: 0.1.0\ndependencies:\n  - { name: lib, version: 0.1.0, repository: file://../lib, import-values: [group] }\n',
  'app/templates/config-map.yaml': map('{{ .Values.name }} {{ include "lib.text" . }}'),
};

test('of the library, a chart answers for where its values lead; imported values are its own', async () => {
  expect(await found(LIBRARY)).toEqual([
    `app: lib/templates/_text.tpl:1: \`if .Values.flag\` is never true ${NEVER}, though another value of flag leads there; add a test`,
    expect.stringMatching(/^app: imported values: dead: nothing changes/),
  ]);
});

test('the library answers for what no chart comes to', async () => {
  const other = Object.fromEntries(
    Object.entries({ ...APP, ...LIBRARY })
      .filter(([file]) => file.startsWith('app/'))
      .map(([file, content]) => [
        file.replace('app/', 'other/'),
        content.replace('name: app', 'name: other'),
      ]),
  );
  const both = { ...LIBRARY, ...other, 'other/ci/on-values.yaml': 'flag: true\n' };
  expect(await found(both, 'lib')).toEqual([
    'lib: templates/_text.tpl:2: `if .Files.Get "extra"` is never true in a test or a variant of any chart; add a test to the suites, or take it out',
  ]);
  expect(await found({ ...both, 'other/extra': 'z' }, 'lib')).toEqual([]);
});

test('a chart that does not render is told in one line', async () => {
  expect(await found({ 'app/templates/config-map.yaml': '{{ if }}' })).toEqual([
    expect.stringMatching(
      /^app: nothing can be told .*: app: app\/templates\/config-map\.yaml: .*missing value for if$/,
    ),
  ]);
  expect(
    await found({ 'app/values.schema.json': '{ "properties": { "name": { "type": "integer" } } }' }),
  ).toEqual([
    expect.stringMatching(
      /^app: nothing can be told .*: app: default: values don't meet .* got string, want integer$/,
    ),
  ]);
});
