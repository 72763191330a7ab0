/** Shows bytes to people: keys, values and headers of records nobody could decode. */
import type { BytesPreview } from './messages.ts';

const PREVIEW_BYTES = 512;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Returns the first 512 bytes as text if they are printable UTF-8, otherwise as hexadecimal digits. */
export function previewBytes(bytes: Buffer): BytesPreview {
  const truncated = bytes.length > PREVIEW_BYTES;
  const text = printable(bytes, truncated);
  return text === undefined
    ? { encoding: 'hex', text: hexDump(bytes.subarray(0, PREVIEW_BYTES)), bytes: bytes.length, truncated }
    : { encoding: 'text', text, bytes: bytes.length, truncated };
}

/** Returns a key or header as people want to read it: text if it is text, `0x…` if it is not. */
export function readable(bytes: Buffer): string {
  return printable(bytes, false) ?? `0x${bytes.toString('hex')}`;
}

/** Returns the headers of a record as readable text; several values of one header are joined by a comma. */
export function readableHeaders(headers: Record<string, Buffer | Buffer[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().map(readable).join(', ')]),
  );
}

function printable(bytes: Buffer, truncated: boolean): string | undefined {
  // A cut in the middle of a character leaves up to three bytes that are no text on their own.
  for (let cut = 0; cut <= (truncated ? 3 : 0); cut += 1) {
    try {
      const text = utf8.decode(truncated ? bytes.subarray(0, PREVIEW_BYTES - cut) : bytes);
      // eslint-disable-next-line no-control-regex -- control characters are what makes bytes unreadable
      return /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text) ? undefined : text;
    } catch {
      continue;
    }
  }
  return undefined;
}

function hexDump(bytes: Buffer): string {
  return bytes.toString('hex').replace(/../g, '$& ').trimEnd();
}
