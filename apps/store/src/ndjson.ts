/** Newline-delimited JSON: one value per line. */
import { TextDecoder } from 'node:util';

export interface NdjsonLine {
  /** Counted from 1, blank lines included. */
  readonly line: number;
  readonly text: string | undefined;
}

const LINE_FEED = 0x0a;

/** Yields the lines that are not blank; `text` is undefined where the bytes are not UTF-8. */
export function* ndjsonLines(bytes: Buffer): Generator<NdjsonLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 0;
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found === -1 ? bytes.length : found;
    line += 1;
    const text = decoded(decoder, bytes.subarray(start, end))?.trim();
    if (text !== '') yield { line, text };
    start = end + 1;
  }
}

function decoded(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Returns the values as NDJSON. */
export function toNdjson(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
