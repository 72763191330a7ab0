/**
 * Avro `long` as a number that is never another one. avsc computes with doubles: beyond 2^52 it writes negative longs
 * as positive ones (-4503599627370497 comes back as 4503599627370496) and reads them wrong. Numbers of that size take
 * a detour over BigInt here; those beyond 2^53 are refused, as they are by avsc.
 */
import avsc from 'avsc';
import { noBranchConstructor } from './lazy-record-type.ts';
import type { Tap } from './tap.ts';

/** Up to here avsc's arithmetic is exact. */
const EXACT = 2 ** 52;

class ExactLongType extends avsc.types.LongType {
  protected _createBranchConstructor(): unknown {
    return noBranchConstructor();
  }

  _read(tap: Tap): number {
    const start = tap.pos;
    const value = tap.readLong();
    if (value > -EXACT && value < EXACT) return value;
    tap.pos = start;
    const exact = Number(readZigZag(tap));
    if (!Number.isSafeInteger(exact)) throw new RangeError('a long beyond 2^53 cannot be kept exactly');
    return exact;
  }

  _write(tap: Tap, value: unknown): void {
    if (!this.isValid(value)) throw new RangeError(`invalid "long": ${String(value)}`);
    const long = value as number;
    if (long > -EXACT && long < EXACT) tap.writeLong(long);
    else writeZigZag(tap, BigInt(long));
  }
}

function readZigZag(tap: Tap): bigint {
  let zigzag = 0n;
  let shift = 0n;
  let byte;
  do {
    byte = tap.buf[tap.pos++] ?? 0;
    zigzag |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
  } while (byte & 0x80 && shift < 70n);
  return BigInt.asIntN(64, (zigzag >> 1n) ^ -(zigzag & 1n));
}

function writeZigZag(tap: Tap, value: bigint): void {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  while (rest > 0x7fn) {
    tap.buf[tap.pos++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  tap.buf[tap.pos++] = Number(rest);
}

/** The one long type; it has no state. */
export const LONG = new ExactLongType();
