/** Writes `openapi.json`: `npm run openapi -w @eda/replenishment`. */
import { writeFile } from 'node:fs/promises';
import { replenishmentOpenApi } from './openapi.ts';

await writeFile(new URL('../openapi.json', import.meta.url), await replenishmentOpenApi());
