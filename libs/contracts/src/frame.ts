/** The frame around an Avro value that Kafka's schema registries agree on: a zero byte and the id of the schema. */
import { DeserializationError } from './errors.ts';

const MAGIC_BYTE = 0;

/** Bytes in front of the Avro value. */
export const FRAME_LENGTH = 5;

/** Writes the frame for schema `id` at the start of `target`. */
export function writeFrame(target: Buffer, id: number): void {
  target.writeUInt8(MAGIC_BYTE, 0);
  target.writeInt32BE(id, 1);
}

/** Returns the schema id in the frame of `value`. Throws `DeserializationError` when there is no frame. */
export function readFrame(value: Buffer | null | undefined): number {
  if (!value) throw new DeserializationError('VALUE_MISSING', 'the record has no value (a tombstone)');
  if (value[0] !== MAGIC_BYTE && value.length > 0) throw notFramed(value);
  if (value.length < FRAME_LENGTH) {
    const message = `the value has ${value.length} bytes, too few for the id of a schema`;
    throw new DeserializationError('VALUE_TOO_SHORT', message);
  }
  return value.readInt32BE(1);
}

function notFramed(value: Buffer): DeserializationError {
  const start = value.subarray(0, 8).toString('hex');
  const hint = /^\s*[[{"]/.test(value.subarray(0, 64).toString('latin1')) ? '; it looks like JSON' : '';
  return new DeserializationError(
    'VALUE_NOT_FRAMED',
    `the value starts with 0x${start}, expected 0x00 and the id of a schema${hint}`,
  );
}
