import type { EventModel } from '../contract-model.ts';
import type { AppDocument } from '../load-asyncapi.ts';
import type { Problem } from '../problems.ts';
import { RULES } from '../rules.ts';
import { stepsToNextMajor } from './break-steps.ts';
import { compareMeaning, movedTypes } from './compare-meaning.ts';
import type { Difference } from './compare-meaning.ts';
import { compareMeta } from './compare-topics.ts';
import { compareVersions } from './compare-versions.ts';
import type { Break } from './compare-versions.ts';
import { consumersOf } from './consumers.ts';
import type { ReaderSchema } from './reader-schemas.ts';
import type { SchemaLocator } from './schema-locator.ts';
import { fieldLabel, fieldNames, hasField } from './schema-path.ts';
import type { Step } from './schema-path.ts';
import { schemaVersion } from './schema-version.ts';
import type { SchemaVersion } from './schema-version.ts';
import type { Verdict, VerdictReason } from './verdict.ts';

/** One event, as it is now and as it was. */
export interface EventPair {
  readonly event: EventModel;
  /** At the ref; undefined when it is new. */
  readonly before: EventModel | undefined;
  /** Newest last. */
  readonly released: readonly SchemaVersion[];
  readonly ref: string;
  readonly locator: SchemaLocator;
}

/** What is around the event, now and at the ref. */
export interface EventContext {
  readonly events: readonly EventModel[];
  readonly apps: readonly AppDocument[];
  readonly baseApps: readonly AppDocument[];
  readonly readers: readonly ReaderSchema[];
  readonly baseReaders: readonly ReaderSchema[];
}

/** What the change of an event breaks, and whom. */
export interface EventComparison {
  readonly problems: readonly Problem[];
  readonly verdicts: readonly Verdict[];
}

/** A problem with what a consumer has to read to be hit by it; no fields: everybody is. */
interface Change {
  readonly problem: Problem & Required<Pick<Problem, 'level'>>;
  readonly fields: readonly string[];
  /** Whether those who declare what they read are judged by that alone. */
  readonly judgedByReader: boolean;
}

/** Compares an event with every version of it that may be in its topic or in a service, and judges each consumer. */
export function compareEvent(pair: EventPair, context: EventContext): EventComparison {
  const { event, before } = pair;
  const now = schemaVersion(event.record.name, event.schema);
  const changes = [...versionChanges(pair, now, context), ...meaningChanges(pair, now)];
  if (before)
    changes.push(
      ...compareMeta(before, event).map((problem) => ({
        problem: { ...problem, level: 'SEMANTIC' as const },
        fields: problem.field.startsWith('units.') ? [problem.field.slice('units.'.length)] : [],
        judgedByReader: false,
      })),
    );
  const told = withoutFollowers(changes);
  const consumers = [
    ...new Set([...consumersOf(before, context.baseApps), ...consumersOf(event, context.apps)]),
  ].sort();
  const judged = consumers.map((consumer) => judge(consumer, told, pair, now, context));
  const changed =
    before === undefined ||
    before.schema !== event.schema ||
    told.length > 0 ||
    before.meta.topic !== event.meta.topic;
  return {
    problems: [
      ...told.map(({ problem }, index) => ({
        ...problem,
        breaks: consumers.filter((_, at) => judged[at]?.hits.includes(index)),
      })),
      ...judged.flatMap(({ problems }) => problems),
    ],
    verdicts: judged.map(({ consumer, reads, reasons }) => ({
      consumer,
      event: event.record.name,
      topic: event.meta.topic,
      changed: changed || reasons.length > 0,
      verdict: verdictOf(reasons),
      ...(reads !== undefined && { reads }),
      reasons: reasons.map(({ code, level, field, accepted }) => ({
        code,
        level,
        field,
        ...(accepted && { accepted }),
      })),
    })),
  };
}

/** WIRE and RUNTIME: against every released version, in every direction that the metadata promises or promised. */
function versionChanges(pair: EventPair, now: SchemaVersion, { events }: EventContext): Change[] {
  const { event, before, released, locator } = pair;
  const modes = [event.meta.compatibility, ...(before ? [before.meta.compatibility] : [])];
  const isTransitive = modes.some((mode) => mode.endsWith('_TRANSITIVE'));
  const versions = isTransitive ? released : released.slice(-1);
  const found = new Map<
    string,
    { readonly first: Break; readonly older: Set<string>; readonly newer: Set<string> }
  >();
  const collect = (side: 'older' | 'newer', { label }: SchemaVersion, breaks: readonly Break[]) => {
    for (const broken of breaks) {
      const key = JSON.stringify([broken.code, broken.steps, broken.attribute]);
      const known = found.get(key) ?? { first: broken, older: new Set(), newer: new Set() };
      known[side].add(label);
      found.set(key, known);
    }
  };
  for (const version of versions) {
    if (modes.some((mode) => /^(BACKWARD|FULL)/.test(mode)))
      collect('newer', version, compareVersions(now, version));
    if (modes.some((mode) => /^(FORWARD|FULL)/.test(mode)))
      collect('older', version, compareVersions(version, now));
  }
  const steps = stepsToNextMajor(event, events);
  const changes = [...found.values()].map(({ first, older, newer }): Change => {
    const labels = [...new Set([...newer, ...older])].join(', ');
    const what =
      older.size === 0
        ? `readers of today cannot read records of ${labels}`
        : newer.size === 0
          ? `readers of ${labels} cannot read records of today`
          : `readers of today and of ${labels} cannot read each other's records`;
    return {
      problem: {
        code: first.code,
        level: first.level,
        ...placeOf(event, first.steps, first.attribute, locator),
        what: `${what}: ${first.reason}`,
        fix: `${undo(first, newer.size > 0)} ${steps}`,
      },
      fields: fieldNames(first.steps),
      judgedByReader: true,
    };
  });
  return placeRuntime(changes, pair, now);
}

/** avsc does not say where: the place is that of the name, or of the logical type, that differs. */
function placeRuntime(
  changes: readonly Change[],
  { event, released, locator }: EventPair,
  now: SchemaVersion,
): Change[] {
  const runtime = changes.filter(({ problem }) => problem.level === 'RUNTIME');
  const [first] = runtime;
  if (!first) return [...changes];
  const versions = [...released].reverse();
  const moved = versions
    .map(({ schema }) => movedTypes(schema, now.schema))
    .find((types) => types.length > 0);
  const [type] = moved ?? [];
  const place = type && locator.definitionOf(type.after);
  const difference = versions
    .map(({ schema }) => compareMeaning(schema, now.schema).find(({ level }) => level === 'SEMANTIC'))
    .find((found) => found !== undefined);
  const rest = changes.filter((change) => !runtime.includes(change));
  const { problem } = first;
  if (type && place)
    return [
      ...rest,
      {
        ...first,
        problem: {
          ...problem,
          file: place.file,
          field: 'namespace',
          path: [...place.path, 'namespace'],
          what: `${type.before} -> ${type.after}: ${problem.what}`,
        },
      },
    ];
  if (!difference) return [...rest, first];
  const { steps, attribute } = difference;
  return [
    ...rest,
    {
      ...first,
      problem: {
        ...problem,
        ...placeOf(event, steps, attribute, locator),
        what: `services in Node refuse records of the other version: ${difference.what}`,
      },
      fields: fieldNames(steps),
    },
  ];
}

function undo({ code, steps }: Break, reads: boolean): string {
  const name = fieldNames(steps).at(-1) ?? '';
  if (code === 'C010' && reads) return `Give "${name}" a "default".`;
  if (code === 'C010') return `Keep the field "${name}".`;
  return 'Undo the change.';
}

/** SOURCE and SEMANTIC: against the version that consumers were built for. */
function meaningChanges({ event, before, locator }: EventPair, now: SchemaVersion): Change[] {
  if (!before || before.schema === event.schema) return [];
  const earlier = schemaVersion(before.record.name, before.schema);
  return compareMeaning(earlier.schema, now.schema).map(
    ({ level, steps, attribute, what, why, fix, severity }: Difference): Change => {
      const code = level === 'SOURCE' ? 'C013' : 'C014';
      return {
        problem: {
          code,
          level,
          ...placeOf(event, steps, attribute, locator),
          what,
          why,
          fix: fix ?? RULES[code].fix,
          severity,
        },
        fields: fieldNames(steps),
        judgedByReader: false,
      };
    },
  );
}

/** What cannot be read has another type and another meaning, too: that is not told again for the same field. */
function withoutFollowers(changes: readonly Change[]): Change[] {
  const wire = new Set(
    changes.filter(({ problem }) => problem.level === 'WIRE').map(({ problem }) => problem.field),
  );
  return changes.filter(
    ({ problem }) => problem.level === 'WIRE' || !wire.has(problem.field) || problem.field === '',
  );
}

interface Judgement {
  readonly consumer: string;
  readonly reads: string | undefined;
  readonly reasons: readonly Reason[];
  /** Indices of the changes that hit the consumer. */
  readonly hits: readonly number[];
  /** What is wrong with what the consumer says it reads. */
  readonly problems: readonly Problem[];
}

interface Reason extends VerdictReason {
  readonly isWarning: boolean;
}

function judge(
  consumer: string,
  changes: readonly Change[],
  { event, before, released, ref }: EventPair,
  now: SchemaVersion,
  { readers, baseReaders, events }: EventContext,
): Judgement {
  const isOf = ({ app, event: name }: ReaderSchema) =>
    app === consumer && (name === event.record.fullName || name === before?.record.fullName);
  const own = readers.find(isOf);
  const deployed = baseReaders.find(isOf);
  const problems: Problem[] = [];
  const report = (breaks: readonly Break[], what: (reason: string) => string) => {
    for (const { code, level, steps, reason } of breaks)
      problems.push({
        code,
        level,
        file: (own ?? deployed)?.file ?? '',
        field: fieldLabel(steps),
        path: own ? pointerOf(own.schema, steps) : [],
        what: what(reason),
        fix: `Correct what ${consumer} says it reads, or undo the change of ${event.record.name}. ${stepsToNextMajor(event, events)}`,
        breaks: [consumer],
      });
  };
  if (own) {
    report(compareVersions(own.schema, now), (reason) => `cannot read ${now.label} as it is now: ${reason}`);
    for (const version of released)
      if (version.text !== now.text && problems.length === 0)
        report(compareVersions(own.schema, version), (reason) => `cannot read ${version.label}: ${reason}`);
  }
  if (deployed && deployed.schema.text !== own?.schema.text && problems.length === 0)
    report(
      compareVersions(deployed.schema, now),
      (reason) => `as it is at ${ref} and runs, cannot read ${now.label} as it is now: ${reason}`,
    );
  const declared = [own, ...(deployed && !own ? [deployed] : [])].find((reader) => reader !== undefined);
  const hits = changes.flatMap(({ fields, judgedByReader, problem }, index) => {
    if (!declared) return [index];
    if (judgedByReader) return problems.length > 0 && problem.level === problems[0]?.level ? [index] : [];
    return fields.length === 0 || hasField(declared.schema.schema, fields) ? [index] : [];
  });
  const reasons = (
    declared
      ? [...problems, ...hits.flatMap((index) => notJudged(changes[index]))]
      : hits.flatMap((index) => changes[index]?.problem ?? [])
  ).map((problem): Reason => ({
    code: problem.code,
    level: problem.level ?? 'WIRE',
    field: problem.field,
    isWarning: (problem.severity ?? RULES[problem.code].severity) === 'warning',
    accepted: event.meta.relax.some(
      ({ level, field }) => level === problem.level && (field === undefined || field === problem.field),
    ),
  }));
  return { consumer, reads: declared?.file, reasons, hits, problems };
}

function notJudged(change: Change | undefined): Problem[] {
  return change && !change.judgedByReader ? [change.problem] : [];
}

function verdictOf(reasons: readonly Reason[]): Verdict['verdict'] {
  const counted = reasons.filter(({ accepted }) => !accepted);
  if (counted.length === 0) return 'unaffected';
  return counted.some(({ isWarning }) => !isWarning) ? 'breaks' : 'warned';
}

function placeOf(
  event: EventModel,
  steps: readonly Step[],
  attribute: string,
  locator: SchemaLocator,
): Pick<Problem, 'file' | 'field' | 'path'> {
  const { fullName, file } = event.record;
  return { field: fieldLabel(steps), ...(locator.locate(fullName, steps, attribute) ?? { file, path: [] }) };
}

/** The way to the field in a schema that stands in a file of its own. */
function pointerOf({ schema }: SchemaVersion, steps: readonly Step[]): (string | number)[] {
  const [first] = fieldNames(steps);
  if (first === undefined || schema.type !== 'record') return [];
  const index = schema.fields.findIndex(({ name }) => name === first);
  return index === -1 ? [] : ['fields', index, 'name'];
}
