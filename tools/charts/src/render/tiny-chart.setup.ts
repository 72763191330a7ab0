/** A chart that can be rendered wrong in every way, for tests. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface TinyChart {
  readonly folder: string;
  /** Writes a file into the chart. */
  readonly write: (file: string, content: string) => string;
}

/** Returns a chart named `tiny` with one template; it is removed when the test has finished. */
export function tinyChart(files: Readonly<Record<string, string>> = {}): TinyChart {
  const temporary = mkdtempSync(join(tmpdir(), 'tiny-'));
  onTestFinished(() => rmSync(temporary, { recursive: true, force: true }));
  const folder = join(temporary, 'tiny');
  const write = (file: string, content: string) => {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
  for (const [file, content] of Object.entries({ ...TINY, ...files })) write(file, content);
  return { folder, write };
}

const TINY: Readonly<Record<string, string>> = {
  'Chart.yaml': "apiVersion: v2\nname: tiny\nversion: 0.1.0\nkubeVersion: '>=1.30.0-0'\n",
  'values.yaml': 'replicas: 1\nimage: { repository: example.org/tiny, tag: 1.0.0 }\nlist: []\n',
  'values.schema.json': JSON.stringify({
    type: 'object',
    additionalProperties: false,
    required: ['replicas', 'image'],
    properties: {
      replicas: { type: 'integer', minimum: 0 },
      list: {
        type: 'array',
        items: { type: 'object', additionalProperties: false, required: ['name'], properties: { name: {} } },
      },
      image: {
        type: 'object',
        additionalProperties: false,
        required: ['repository', 'tag'],
        properties: {
          repository: { type: 'string' },
          tag: { type: 'string', minLength: 1, not: { enum: ['latest'] } },
        },
      },
      wrong: { type: 'string' },
    },
  }),
  'ci/default-values.yaml': '{}\n',
  'templates/config-map.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
data:
  image: {{ .Values.image.repository }}:{{ .Values.image.tag }}
  replicas: {{ .Values.replicas | quote }}
`,
};
