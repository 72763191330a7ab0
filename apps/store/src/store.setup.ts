/** Test helpers: a store on real parts, spoken to over HTTP. */
import type { AppBench } from '@eda/testing';
import { expect } from 'vitest';
import { startStore, type Store } from './app.ts';
import { loadStoreConfig } from './config.ts';

export const SOON = { timeout: 30_000, interval: 50 };

export interface RunningStore {
  readonly store: Store;
  readonly url: string;
}

/** Starts a store with the bench's variables and stops it when the bench goes away. */
export async function runStore(
  bench: AppBench,
  variables: Record<string, string> = {},
): Promise<RunningStore> {
  const store = await startStore(loadStoreConfig(bench.env(variables)), new AbortController().signal);
  bench.stopAtEnd(store);
  const address = store.http.server.address();
  if (address === null || typeof address === 'string') throw new Error('the store does not listen');
  return { store, url: `http://127.0.0.1:${address.port}` };
}

/** Sends one movement; fields that are not given are a restock of one Item_1. */
export function postMovement(
  url: string,
  storeId: string,
  movement: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/stores/${storeId}/movements`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ sku: 'Item_1', quantity: 1, reason: 'RESTOCK', ...movement }),
  });
}

/** Sends lines of a batch as they are. */
export function postBatch(
  url: string,
  lines: readonly string[],
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/movements:batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', ...headers },
    body: lines.join('\n'),
  });
}

/** Sends one movement, expects it to be accepted, returns the event id. */
export async function acceptMovement(
  url: string,
  storeId: string,
  movement: Record<string, unknown> = {},
): Promise<string> {
  const answer = await postMovement(url, storeId, movement);
  expect(answer.status).toBe(202);
  return ((await answer.json()) as { eventId: string }).eventId;
}
