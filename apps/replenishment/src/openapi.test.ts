import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { replenishmentOpenApi } from './openapi.ts';

test('openapi.json is what the routes say; if not: npm run openapi -w @eda/replenishment', async () => {
  expect(await readFile(new URL('../openapi.json', import.meta.url), 'utf8')).toBe(
    await replenishmentOpenApi(),
  );
});

test('every route is described', async () => {
  const { paths } = JSON.parse(await replenishmentOpenApi()) as { paths: object };
  expect(Object.keys(paths)).toEqual(['/requests', '/items/{sku}']);
});
