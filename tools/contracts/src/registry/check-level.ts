import { avroType } from '@eda/contracts/avro';
import type { AvroSchema } from '../compat/avro-schema.ts';
import { checkCompatibility } from '../compat/check-compatibility.ts';
import { defaultsTooLarge } from '../compat/default-size.ts';
import { parseAvro } from '../compat/parse-avro.ts';
import { COMPATIBILITY_LEVELS } from '../compatibility-levels.ts';
import type { Json } from '../contract-model.ts';

/** A version that is in the registry, with everything it refers to written out. */
export interface EarlierVersion {
  readonly version: number;
  readonly schema: string;
}

const LEVELS = ['NONE', ...COMPATIBILITY_LEVELS];

/** Returns why there is no compatibility level of this name, undefined when there is. */
export function levelProblem(level: string): string | undefined {
  return LEVELS.includes(level)
    ? undefined
    : `compatibility ${level} does not exist, only ${LEVELS.join(', ')}`;
}

/** Returns why `schema` is none, for Avro (Java) as registries have it or for avsc; undefined when it is one for both. */
export function schemaProblem(schema: string): string | undefined {
  try {
    const tooLarge = defaultsTooLarge(parse(schema));
    if (tooLarge !== undefined) return `the schema is not valid: ${tooLarge}`;
    avroType(schema);
    return undefined;
  } catch (error) {
    return `the schema is not valid: ${(error as Error).message}`;
  }
}

/**
 * Returns why `schema` does not keep `level` against the versions there, undefined when it does. For what a registry cannot
 * say without changing something: it checks by the level it has now, and never looks into referenced types.
 */
export function levelBreach(
  level: string,
  schema: string,
  earlier: readonly EarlierVersion[],
): string | undefined {
  const compared = level.endsWith('_TRANSITIVE') ? earlier : earlier.slice(-1);
  for (const { version, schema: other } of compared) {
    if (level === 'NONE') return undefined;
    if (!level.startsWith('FORWARD')) {
      const reason = unreadable(other, schema);
      if (reason !== undefined) return `it cannot read data of version ${version}: ${reason}`;
    }
    if (!level.startsWith('BACKWARD')) {
      const reason = unreadable(schema, other);
      if (reason !== undefined) return `version ${version} cannot read its data: ${reason}`;
    }
  }
  return undefined;
}

/** As the registry judges. */
function unreadable(writer: string, reader: string): string | undefined {
  try {
    const found = checkCompatibility(parse(reader), parse(writer));
    if (found.length === 0) return undefined;
    return found.map(({ message, location }) => `${message} at ${location}`).join(', ');
  } catch (error) {
    return (error as Error).message;
  }
}

function parse(schema: string): AvroSchema {
  return parseAvro(JSON.parse(schema) as Json);
}
