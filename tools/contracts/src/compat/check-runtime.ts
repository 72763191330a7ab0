import type { Json } from '../contract-model.ts';
import { avscType, schemaOf } from './avsc-schema.ts';
import { defaultsTooLarge } from './default-size.ts';
import type { ParsedSchema } from './parse-avro.ts';
import { whyUnreadable } from './resolve-runtime.ts';

/** Whether Node can read: what avsc 5.7.9 does with default options. */
export type Runtime = { readonly ok: true } | { readonly ok: false; readonly error: string };

/** avsc puts whole schemas into some messages. */
const MAX_MESSAGE = 1_000;

const OK: Runtime = { ok: true };

function failed(message: string): Runtime {
  return { ok: false, error: message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A schema together with the JSON it was read from. */
export interface SchemaWithSource extends ParsedSchema {
  readonly json: Json;
}

/**
 * Returns whether avsc can read data of `writer` with `reader`. Where both schemas mean the same to avsc and to Java, this
 * follows from what was read already: avsc compiles six functions for each record, which takes a hundred times as long.
 * Everything else is put to avsc itself.
 */
export function checkRuntime(reader: SchemaWithSource, writer: SchemaWithSource): Runtime {
  try {
    const reason =
      reader.plain && writer.plain
        ? whyUnreadable(reader.schema, writer.schema)
        : whyUnreadableByAvsc(reader, writer);
    return reason === undefined ? OK : failed(reason);
  } catch (error) {
    if (error instanceof RangeError) return failed('the schemas are nested too deeply for avsc');
    return failed(messageOf(error));
  }
}

function whyUnreadableByAvsc(readAs: SchemaWithSource, writtenAs: SchemaWithSource): string | undefined {
  const tooLarge = defaultsTooLarge(writtenAs.schema) ?? defaultsTooLarge(readAs.schema);
  if (tooLarge !== undefined) return tooLarge;
  const writer = avscType(writtenAs.json);
  const reader = avscType(readAs.json);
  const reason = whyUnreadable(schemaOf(reader), schemaOf(writer));
  try {
    reader.createResolver(writer);
  } catch (error) {
    // avsc stumbles over what is not a record where a record is to be read.
    if (error instanceof TypeError && reason !== undefined) return reason;
    throw error;
  }
  return reason;
}
