import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { valuesTable } from './values-table.ts';

function chart(chartFile: string, values: string, library = ''): string {
  const root = mkdtempSync(join(tmpdir(), 'values-table-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, file, text] of [
    ['app', 'Chart.yaml', chartFile],
    ['app', 'values.yaml', values],
    ['service', 'values.yaml', library],
  ] as const) {
    mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, name, file), text);
  }
  return join(root, 'app');
}

const ALONE = 'name: app\nversion: 0.1.0\n';

test('a row for each description, with the default as it is', () => {
  const values = `
# Not a description.
image:
  # -- Tag of the image;
  # an empty one | is refused.
  tag: '1.0'
  pullPolicy: Always
# -- Labels.
labels: { a: b }
`;
  expect(valuesTable(chart(ALONE, values)).split('\n').slice(2)).toEqual([
    '| `image.tag` | Tag of the image; an empty one \\| is refused. | `"1.0"` |',
    '| `labels` | Labels. | `{"a":"b"}` |',
  ]);
});

test('a group has no default of its own when its parts are described', () => {
  const values = '# -- Probes.\nprobes:\n  # -- Seconds.\n  period: 3\n';
  expect(valuesTable(chart(ALONE, values)).split('\n').slice(2)).toEqual([
    '| `probes` | Probes. |  |',
    '| `probes.period` | Seconds. | `3` |',
  ]);
});

test('what is imported from the library is there, with the default of the chart', () => {
  const chartFile = `${ALONE}dependencies:\n  - name: service\n    import-values: [defaults]\n`;
  const library =
    'exports:\n  defaults:\n    # -- Pods.\n    replicas: 2\n    # -- Name.\n    name: x\n  http:\n    # -- Not this.\n    port: 80\n';
  expect(
    valuesTable(chart(chartFile, 'replicas: 1\n', library))
      .split('\n')
      .slice(2),
  ).toEqual(['| `replicas` | Pods. | `1` |', '| `name` | Name. | `"x"` |']);
});
