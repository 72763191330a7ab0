/** The description of inventory's HTTP interface, made from its routes. */
import { openApiText } from '@eda/service';
import { Pool } from 'pg';
import { createInventoryHttp } from './http.ts';

/** Returns `openapi.json` as text. */
export function inventoryOpenApi(): Promise<string> {
  // No route is asked, so this pool never connects.
  return openApiText((parts) => createInventoryHttp({ ...parts, pool: new Pool() }));
}
