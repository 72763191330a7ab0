import { avroType } from '@eda/contracts/avro';

/** A version that is in the registry, with everything it refers to written out. */
export interface EarlierVersion {
  readonly version: number;
  readonly schema: string;
}

const LEVELS = ['NONE', ...['BACKWARD', 'FORWARD', 'FULL'].flatMap((kind) => [kind, `${kind}_TRANSITIVE`])];

/** Returns why there is no compatibility level of this name, undefined when there is. */
export function levelProblem(level: string): string | undefined {
  return LEVELS.includes(level)
    ? undefined
    : `compatibility ${level} does not exist, only ${LEVELS.join(', ')}`;
}

/** Returns why `schema` is none, undefined when it is one. */
export function schemaProblem(schema: string): string | undefined {
  try {
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

function unreadable(writer: string, reader: string): string | undefined {
  try {
    avroType(reader).createResolver(avroType(writer));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
