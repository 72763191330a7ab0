const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Stands for a line that is longer than the limit. */
export const TOO_LONG = Symbol('too long');

export type Line = Buffer | typeof TOO_LONG;

/**
 * Yields the lines of a stream of bytes, without their ends (`\n` or `\r\n`), as soon as they are complete: those of one
 * chunk together. The last line may lack its end. The bytes of a line of more than `limit` bytes are not kept.
 */
export async function* linesOf(
  input: AsyncIterable<Buffer>,
  limit: number,
): AsyncGenerator<readonly Line[], void, undefined> {
  let pieces: Buffer[] = [];
  let length = 0;
  const keep = (piece: Buffer) => {
    length += piece.length;
    if (length > limit) pieces = [];
    else pieces.push(piece);
  };
  const take = (): Line => {
    const line = length > limit ? TOO_LONG : withoutReturn(Buffer.concat(pieces));
    pieces = [];
    length = 0;
    return line;
  };
  for await (const chunk of input) {
    const complete: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      keep(chunk.subarray(start, end));
      complete.push(take());
      start = end + 1;
    }
    if (start < chunk.length) keep(chunk.subarray(start));
    if (complete.length > 0) yield complete;
  }
  if (length > 0) yield [take()];
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}
