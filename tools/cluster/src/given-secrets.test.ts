import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageError } from './errors.ts';
import { hasValues, readSecrets } from './given-secrets.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'given-secrets-'))));
afterAll(() => rmSync(folder, { recursive: true }));

test('reads the Secrets out of what else is to be applied', () => {
  const file = join(folder, 'secrets.yaml');
  writeFileSync(
    file,
    'kind: Namespace\nmetadata: { name: apps }\n---\nkind: Secret\nmetadata: { name: store-kafka, namespace: apps }\nstringData: { password: p }\n',
  );
  expect(readSecrets(file)).toEqual([{ namespace: 'apps', name: 'store-kafka', values: { password: 'p' } }]);
});

test('a file without Secrets, or none at all, is told before anything is done', () => {
  const file = join(folder, 'empty.yaml');
  writeFileSync(file, '');
  expect(() => readSecrets(file)).toThrow(UsageError);
  expect(() => readSecrets(join(folder, 'missing.yaml'))).toThrow(/^--secrets: .*missing\.yaml/);
});

test('a Secret needs its values, and may have more', () => {
  const given = { namespace: 'apps', name: 'store-kafka', values: { password: 'p' } };
  const p = Buffer.from('p').toString('base64');
  expect(hasValues({ data: { password: p, type: 'x' } }, given)).toBe(true);
  expect(hasValues({ data: { password: 'x' } }, given)).toBe(false);
  expect(hasValues({}, given)).toBe(false);
});
