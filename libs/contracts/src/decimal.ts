/** Decimals as strings, and their unscaled values in two's complement as Avro keeps them. */

/** Up to so many digits a double is exact, and so is its way into bytes and back; most decimals have fewer. */
const QUICK_DIGITS = 14;
const QUICK_BYTES = 6;

/** A number where that is exact, else a bigint. */
export type Unscaled = number | bigint;

/**
 * Returns the decimal without its point, as if it had `scale` digits after it; undefined when the value is no decimal of at most
 * `precision` digits, `scale` of them after the point.
 */
export function parseDecimal(value: unknown, precision: number, scale: number): Unscaled | undefined {
  if (typeof value !== 'string') return undefined;
  if (value.length + scale > QUICK_DIGITS) return parseLongDecimal(value, precision, scale);
  const negative = value.charCodeAt(0) === MINUS;
  let unscaled = 0;
  let fraction = -1;
  for (let at = negative ? 1 : 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if (code >= ZERO && code <= NINE) {
      unscaled = unscaled * 10 + (code - ZERO);
      if (fraction >= 0) fraction += 1;
    } else if (code === POINT && fraction < 0 && at > (negative ? 1 : 0)) fraction = 0;
    else return undefined;
  }
  // Not a digit, or none behind the point.
  if (fraction === 0 || value.length === (negative ? 1 : 0) || fraction > scale) return undefined;
  for (let digits = Math.max(0, fraction); digits < scale; digits += 1) unscaled *= 10;
  if (unscaled >= 10 ** precision) return undefined;
  return negative && unscaled > 0 ? -unscaled : unscaled;
}

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

function parseLongDecimal(value: string, precision: number, scale: number): bigint | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  if (fraction.length > scale) return undefined;
  const digits = (whole + fraction.padEnd(scale, '0')).replace(/^0+/, '');
  if (digits.length > precision) return undefined;
  return BigInt(`${digits === '' ? '' : sign}${digits || '0'}`);
}

/** Returns the decimal with exactly `scale` digits after the point. */
export function formatDecimal(unscaled: Unscaled, scale: number): string {
  if (scale === 0) return String(unscaled);
  const sign = unscaled < 0 ? '-' : '';
  if (typeof unscaled === 'number') {
    const size = unscaled < 0 ? -unscaled : unscaled;
    const unit = 10 ** scale;
    const whole = Math.floor(size / unit);
    return `${sign}${whole}.${String(size - whole * unit).padStart(scale, '0')}`;
  }
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The fewest bytes that hold the value. */
export function decimalLength(unscaled: Unscaled): number {
  let length = 1;
  if (typeof unscaled === 'number') {
    for (let limit = 128; unscaled >= limit || unscaled < -limit; limit *= 256) length += 1;
    return length;
  }
  while (BigInt.asIntN(length * 8, unscaled) !== unscaled) length += 1;
  return length;
}

/** Writes the value into the `length` bytes from `at` on; what is past the end of `target` is dropped. */
export function writeUnscaled(target: Buffer, at: number, length: number, unscaled: Unscaled): void {
  if (typeof unscaled === 'bigint') {
    let rest = unscaled;
    for (let index = at + length - 1; index >= at; index -= 1) {
      target[index] = Number(rest & 0xffn);
      rest >>= 8n;
    }
    return;
  }
  let rest = unscaled;
  for (let index = at + length - 1; index >= at; index -= 1) {
    const higher = Math.floor(rest / 256);
    target[index] = rest - higher * 256;
    rest = higher;
  }
}

/** Returns the value in the `length` bytes from `at` on, all of which must be there. */
export function readUnscaled(source: Buffer, at: number, length: number): Unscaled {
  if (length === 0) return 0;
  if (length > QUICK_BYTES)
    return BigInt.asIntN(length * 8, BigInt(`0x${source.toString('hex', at, at + length)}`));
  let unscaled = ((source[at] as number) << 24) >> 24;
  for (let index = at + 1; index < at + length; index += 1)
    unscaled = unscaled * 256 + (source[index] as number);
  return unscaled;
}
