/** The description of replenishment's HTTP interface, made from its routes. */
import { openApiText } from '@eda/service';
import { Pool } from 'pg';
import { loadReplenishmentConfig } from './config.ts';
import { createReplenishmentHttp } from './http.ts';

/** Returns `openapi.json` as text. */
export function replenishmentOpenApi(): Promise<string> {
  // No route is asked, so this pool never connects.
  return openApiText((parts) =>
    createReplenishmentHttp({
      ...parts,
      pool: new Pool(),
      policy: loadReplenishmentConfig({ DATABASE_URL: 'postgres://localhost/none' }).policy,
    }),
  );
}
