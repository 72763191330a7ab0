import { checkCompatibility } from '../compat/check-compatibility.ts';
import { AmbiguousField } from '../compat/incompatibility.ts';
import type { Incompatibility } from '../compat/incompatibility.ts';
import { fieldNames, followPointer, recordAround } from './schema-path.ts';
import type { Step } from './schema-path.ts';
import { whyNodeCannotRead } from './schema-version.ts';
import type { SchemaVersion } from './schema-version.ts';

/** Why data written with one version cannot be read with another. */
export interface Break {
  readonly code: 'C010' | 'C011' | 'C012';
  readonly level: 'WIRE' | 'RUNTIME';
  readonly steps: readonly Step[];
  /** For example `symbols`; see `SchemaLocator.locate`. */
  readonly attribute: string;
  /** What is wrong, to be said of the reader: `needs the field "channel", which has no default`. */
  readonly reason: string;
}

/** avsc puts whole schemas into its messages. */
const MAX_REASON = 200;

/**
 * Returns why data of `writer` cannot be read with `reader`, nothing when it can: at level WIRE as Java, and so a registry,
 * judges; at level RUNTIME what only the library in Node refuses.
 */
export function compareVersions(reader: SchemaVersion, writer: SchemaVersion): Break[] {
  if (reader.text === writer.text) return [];
  const breaks = wireBreaks(reader, writer);
  if (breaks.length > 0) return breaks;
  const reason = whyNodeCannotRead(reader, writer);
  return reason === undefined
    ? []
    : [{ code: 'C012', level: 'RUNTIME', steps: [], attribute: 'namespace', reason: shorten(reason) }];
}

function wireBreaks(reader: SchemaVersion, writer: SchemaVersion): Break[] {
  try {
    return checkCompatibility(reader.schema, writer.schema).map((incompatibility) =>
      toBreak(incompatibility, reader, writer),
    );
  } catch (error) {
    if (!(error instanceof AmbiguousField)) throw error;
    return [{ code: 'C011', level: 'WIRE', steps: [], attribute: 'fields', reason: error.message }];
  }
}

function toBreak(
  { location, message }: Incompatibility,
  reader: SchemaVersion,
  writer: SchemaVersion,
): Break {
  const { steps, field, attribute } = followPointer(reader.schema, location);
  const names = fieldNames(steps);
  const name = field ?? names.at(-1);
  const around = recordAround(writer.schema, names);
  const isMissing =
    name !== undefined && (field !== undefined || (around !== undefined && !around.fieldsByName.has(name)));
  if (isMissing && attribute === '')
    return {
      code: 'C010',
      level: 'WIRE',
      steps,
      attribute: '',
      reason: `the reader needs the field "${name}", which has no default`,
    };
  return {
    code: 'C011',
    level: 'WIRE',
    steps,
    attribute: attribute === '' ? 'type' : attribute,
    reason: message,
  };
}

function shorten(text: string): string {
  return text.length > MAX_REASON ? `${text.slice(0, MAX_REASON)}…` : text;
}
