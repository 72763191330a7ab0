import { isUtf8 } from 'node:buffer';
import type { FileTree } from './file-tree.ts';
import { Unreadable } from './source-file.ts';

/** How large a file may be. */
export interface SizeLimit {
  readonly megabytes: number;
  /** What has this size at most, for example `a contract`. */
  readonly of: string;
  readonly fix: string;
}

const MEGABYTE = 1_048_576;
const CONTRACT: SizeLimit = {
  megabytes: 1,
  of: 'a contract',
  fix: 'Split it into types that are files of their own.',
};
const BYTE_ORDER_MARK = '\uFEFF';

/** Returns the text of a file. Throws `Unreadable` when it is no plain UTF-8 text, or larger than `limit`. */
export function readText(tree: FileTree, file: string, limit = CONTRACT): string {
  const text = decode(readBytes(tree, file, limit));
  if (text.startsWith(BYTE_ORDER_MARK)) {
    throw new Unreadable(
      'begins with a byte order mark',
      undefined,
      'Save it as UTF-8 without a byte order mark (BOM).',
    );
  }
  if (text.trim() === '')
    throw new Unreadable('is empty', undefined, 'Write the contract, or delete the file.');
  return text;
}

function readBytes(tree: FileTree, file: string, { megabytes, of, fix }: SizeLimit): Buffer {
  try {
    const size = tree.size(file) / MEGABYTE;
    if (size > megabytes)
      throw new Unreadable(`has ${size.toFixed(1)} MB, ${of} has ${megabytes} MB at most`, undefined, fix);
    return tree.bytes(file);
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable(
      `cannot be opened (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`,
      undefined,
      'Make the file readable.',
    );
  }
}

function decode(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  throw new Unreadable('is not UTF-8', firstForeignByte(bytes), 'Save it as UTF-8.');
}

function firstForeignByte(bytes: Buffer): { line: number; column: number } {
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(start, end));
    const column = text.indexOf('\uFFFD');
    if (column !== -1) return { line, column: column + 1 };
    start = end + 1;
  }
  return { line, column: 1 };
}
