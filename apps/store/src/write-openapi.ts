/** Writes `openapi.json`: `npm run openapi -w @eda/store`. */
import { writeFile } from 'node:fs/promises';
import { storeOpenApi } from './openapi.ts';

await writeFile(new URL('../openapi.json', import.meta.url), await storeOpenApi());
