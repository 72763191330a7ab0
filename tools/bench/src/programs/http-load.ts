/** Posts batches of movements as NDJSON, each client its next one when the last is answered. */
import { writeFileSync } from 'node:fs';
import type { WorkerSpec, WorkerTools } from '../worker-types.ts';

export const LINES_A_REQUEST = 500;
const STORES = 1000;
const ITEMS_A_STORE = 10;

/** Writes the ids that were accepted to the file of the marks with `.ids` behind it, one a line. */
export async function run(spec: WorkerSpec, { meter }: WorkerTools): Promise<void> {
  const url = `${spec.url ?? ''}/movements:batch`;
  const answers: string[] = [];
  const client = async () => {
    for (;;) {
      const first = meter.take(LINES_A_REQUEST);
      if (first === undefined) return;
      const body = bodyOf(first);
      const begunAt = performance.now();
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body,
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`the store answered ${response.status}: ${text.slice(0, 300)}`);
      meter.acknowledged(first, begunAt, LINES_A_REQUEST);
      answers.push(text);
    }
  };
  await Promise.all(Array.from({ length: spec.callers ?? 1 }, client));
  writeFileSync(`${spec.marksFile}.ids`, answers.flatMap(idsOf).join('\n'));
}

/** One piece of one item comes in with each line, so that the stock of all stores is the number of lines. */
function bodyOf(first: number): string {
  const lines: string[] = [];
  for (let number = first; number < first + LINES_A_REQUEST; number += 1) {
    const store = (number * 7919) % STORES;
    lines.push(
      `{"storeId":"Store_${store}","sku":"Item_${number % ITEMS_A_STORE}","quantity":1,"reason":"RESTOCK"}\n`,
    );
  }
  return lines.join('');
}

function idsOf(answer: string): string[] {
  return answer
    .trim()
    .split('\n')
    .map((line) => {
      const { eventId } = JSON.parse(line) as { eventId?: string };
      if (eventId === undefined) throw new Error(`the store refused a line: ${line.slice(0, 300)}`);
      return eventId;
    });
}
