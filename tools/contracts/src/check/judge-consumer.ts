import type { Problem } from '../problems.ts';
import { RULES } from '../rules.ts';
import { accepts } from './accepts.ts';
import { stepsToNextMajor } from './break-steps.ts';
import { compareVersions } from './compare-versions.ts';
import type { Break } from './compare-versions.ts';
import type { EventContext, EventPair } from './event-pair.ts';
import type { ReaderSchema } from './reader-schemas.ts';
import { fieldLabel, fieldNames, hasField } from './schema-path.ts';
import type { Step } from './schema-path.ts';
import type { SchemaVersion } from './schema-version.ts';
import type { Verdict, VerdictReason } from './verdict.ts';

/** What changed about an event. */
export interface Change {
  readonly problem: Problem & Required<Pick<Problem, 'level'>>;
  /** What a consumer has to read to be hit; empty when everybody is. */
  readonly fields: readonly string[];
  /** True when a reader schema can be put to the test itself, and says more than the fields do. */
  readonly isOfBytes: boolean;
}

/** What the changes of an event mean for one consumer. */
export interface Judgement {
  readonly verdict: Omit<Verdict, 'changed'>;
  /** Those of the changes that hit the consumer. */
  readonly hits: readonly Change[];
  /** What the schema that the consumer declares cannot read. */
  readonly problems: readonly Problem[];
}

interface Reason extends VerdictReason {
  readonly isWarning: boolean;
}

/** Judges the consumer by the schema it declares, or else as one that reads the whole event. */
export function judgeConsumer(
  consumer: string,
  changes: readonly Change[],
  pair: EventPair,
  context: EventContext,
): Judgement {
  const { event, before } = pair;
  const isOf = ({ app, event: name }: ReaderSchema) =>
    app === consumer && (name === event.record.fullName || name === before?.record.fullName);
  const own = context.readers.find(isOf);
  const deployed = context.baseReaders.find(isOf);
  const declared = own ?? deployed;
  const problems = readingProblems({ own, deployed }, pair, context);
  const isHit = ({ fields, isOfBytes, problem }: Change): boolean => {
    if (!declared) return true;
    if (isOfBytes) return problems.some(({ level }) => level === problem.level);
    return fields.length === 0 || hasField(declared.schema.schema, fields);
  };
  const hits = changes.filter(isHit);
  // Of bytes that cannot be read, the schema of the consumer itself tells the field.
  const told = declared ? hits.filter(({ isOfBytes }) => !isOfBytes) : hits;
  const reasons = [...problems, ...told.map(({ problem }) => problem)].map(
    ({ code, level = 'WIRE', field, severity }): Reason => ({
      code,
      level,
      field,
      isWarning: (severity ?? RULES[code].severity) === 'warning',
      ...(event.meta.relax.some((entry) => accepts(entry, { level, field })) && { accepted: true }),
    }),
  );
  return {
    verdict: {
      consumer,
      event: event.record.name,
      topic: event.meta.topic,
      verdict: verdictOf(reasons),
      ...(declared && { reads: declared.file }),
      reasons: reasons.map(({ code, level, field, accepted }) => ({
        code,
        level,
        field,
        ...(accepted && { accepted }),
      })),
    },
    hits,
    problems,
  };
}

interface Readers {
  /** What the files say that the consumer reads. */
  readonly own: ReaderSchema | undefined;
  /** What they say at the ref, and so what runs. */
  readonly deployed: ReaderSchema | undefined;
}

/** Puts the schemas that the consumer declares to the test: both have to read what is written now, the new one also what was. */
function readingProblems(
  { own, deployed }: Readers,
  { event, now, released, ref }: EventPair,
  { events }: EventContext,
): Problem[] {
  const toProblem = ({ file, app, schema }: ReaderSchema, broken: Break, what: string): Problem => ({
    code: broken.code,
    level: broken.level,
    file,
    field: fieldLabel(broken.steps),
    // What runs may differ from what stands in the file.
    path: schema === own?.schema ? pathTo(schema, broken.steps) : [],
    what: `${what}: ${broken.reason}`,
    fix: `Correct what ${app} says it reads, or undo the change of ${event.record.name}. If the break is meant, it is a new event beside this one:`,
    steps: stepsToNextMajor(event, events),
    breaks: [app],
  });
  const tries: (() => Problem[])[] = [];
  if (own) {
    for (const version of [now, ...released])
      tries.push(() =>
        compareVersions(own.schema, version).map((broken) =>
          toProblem(own, broken, `cannot read ${version.label}${version === now ? ' as it is now' : ''}`),
        ),
      );
  }
  if (deployed && deployed.schema.text !== own?.schema.text)
    tries.push(() =>
      compareVersions(deployed.schema, now).map((broken) =>
        toProblem(deployed, broken, `as it is at ${ref}, and runs, cannot read ${now.label} as it is now`),
      ),
    );
  // One reason is enough: the others follow from it.
  for (const attempt of tries) {
    const problems = attempt();
    if (problems.length > 0) return problems;
  }
  return [];
}

function verdictOf(reasons: readonly Reason[]): Verdict['verdict'] {
  const counted = reasons.filter(({ accepted }) => accepted !== true);
  if (counted.some(({ isWarning }) => !isWarning)) return 'breaks';
  if (counted.length > 0) return 'warned';
  return reasons.length > 0 ? 'accepted' : 'unaffected';
}

/** The way to the outermost field in a schema that stands in a file of its own. */
function pathTo({ schema }: SchemaVersion, steps: readonly Step[]): (string | number)[] {
  const [first] = fieldNames(steps);
  if (first === undefined || schema.type !== 'record') return [];
  const index = schema.fields.findIndex(({ name }) => name === first);
  return index === -1 ? [] : ['fields', index, 'name'];
}
