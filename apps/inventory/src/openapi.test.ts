import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { inventoryOpenApi } from './openapi.ts';

test('openapi.json is what the routes say; if not: npm run openapi -w @eda/inventory', async () => {
  expect(await readFile(new URL('../openapi.json', import.meta.url), 'utf8')).toBe(await inventoryOpenApi());
});

test('every route is described', async () => {
  const { paths } = JSON.parse(await inventoryOpenApi()) as { paths: object };
  expect(Object.keys(paths)).toEqual(['/stores/{storeId}/stock', '/items/{sku}/stock', '/stores', '/items']);
});
