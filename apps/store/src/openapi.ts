/** The description of the store's HTTP interface, made from its routes. */
import { openApiText, problem } from '@eda/service';
import { createStoreHttp } from './http.ts';

/** Returns the text of `openapi.json`. */
export function storeOpenApi(): Promise<string> {
  const recorder = { record: () => Promise.reject(problem(503)) };
  return openApiText((parts) => createStoreHttp({ ...parts, recorder }));
}
