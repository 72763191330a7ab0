/** Writes `openapi.json`: `npm run openapi -w @eda/inventory`. */
import { writeFile } from 'node:fs/promises';
import { inventoryOpenApi } from './openapi.ts';

await writeFile(new URL('../openapi.json', import.meta.url), await inventoryOpenApi());
