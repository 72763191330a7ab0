const POLYNOMIAL = 0x82f63b78;
const SLICES = 8;

/** Eight tables in a row: what a byte contributes 0 to 7 bytes further on. One pass takes eight bytes at a time. */
const TABLE = new Int32Array(SLICES * 256);
for (let byte = 0; byte < 256; byte += 1) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  TABLE[byte] = crc;
}
for (let index = 256; index < TABLE.length; index += 1) {
  const shorter = TABLE[index - 256] as number;
  TABLE[index] = (shorter >>> 8) ^ (TABLE[shorter & 255] as number);
}

/** The CRC-32C (Castagnoli) of `bytes`, as an unsigned number. */
export function crc32c(bytes: Uint8Array): number {
  const at = (index: number) => TABLE[index] as number;
  const byte = (index: number) => bytes[index] as number;
  const whole = bytes.length & ~(SLICES - 1);
  let crc = -1;
  let i = 0;
  for (; i < whole; i += SLICES) {
    const mixed = crc ^ (byte(i) | (byte(i + 1) << 8) | (byte(i + 2) << 16) | (byte(i + 3) << 24));
    crc =
      at(1792 + (mixed & 255)) ^
      at(1536 + ((mixed >>> 8) & 255)) ^
      at(1280 + ((mixed >>> 16) & 255)) ^
      at(1024 + (mixed >>> 24)) ^
      at(768 + byte(i + 4)) ^
      at(512 + byte(i + 5)) ^
      at(256 + byte(i + 6)) ^
      at(byte(i + 7));
  }
  for (; i < bytes.length; i += 1) crc = at((crc ^ byte(i)) & 255) ^ (crc >>> 8);
  return ~crc >>> 0;
}
