import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readInventory } from './inventory.ts';

const WORKSPACE = resolve(import.meta.dirname, '../../..');
const POM = 'tools/charts/schema-sources/strimzi/pom.xml';

test('the charts are checked against the kinds of a Strimzi that is deployed', () => {
  const [, checked] =
    /<strimzi\.version>(.+)<\/strimzi\.version>/.exec(readFileSync(join(WORKSPACE, POM), 'utf8')) ?? [];
  const { applications, versions } = readInventory(WORKSPACE);
  const deployed = [
    applications.get('strimzi')?.chart?.version,
    ...[...versions.values()].map((own) => own.get('strimzi')),
  ];
  expect(deployed, POM).toContain(checked);
});
