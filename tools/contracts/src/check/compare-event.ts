import type { EventModel } from '../contract-model.ts';
import type { Problem } from '../problems.ts';
import { RULES } from '../rules.ts';
import { stepsToNextMajor } from './break-steps.ts';
import { compareMeaning, movedTypes } from './compare-meaning.ts';
import type { Difference } from './compare-meaning.ts';
import { compareMeta } from './compare-topics.ts';
import { compareVersions } from './compare-versions.ts';
import type { Break } from './compare-versions.ts';
import type { EventContext, EventPair } from './event-pair.ts';
import { judgeConsumer } from './judge-consumer.ts';
import type { Change } from './judge-consumer.ts';
import type { SchemaLocator } from './schema-locator.ts';
import { fieldLabel, fieldNames } from './schema-path.ts';
import type { Step } from './schema-path.ts';
import { schemaVersion } from './schema-version.ts';
import type { SchemaVersion } from './schema-version.ts';
import type { Verdict } from './verdict.ts';

/** What the change of an event breaks, and whom. */
export interface EventComparison {
  readonly problems: readonly Problem[];
  readonly verdicts: readonly Verdict[];
}

/** Compares an event with every version of it that may be in its topic or in a service, and judges each consumer. */
export function compareEvent(pair: EventPair, context: EventContext): EventComparison {
  const { event, before } = pair;
  const changes = [...versionChanges(pair, context), ...meaningChanges(pair)];
  if (before)
    changes.push(
      ...compareMeta(before, event).map((problem) => ({
        problem: { ...problem, level: 'SEMANTIC' as const },
        fields: problem.field.startsWith('units.') ? [problem.field.slice('units.'.length)] : [],
        isOfBytes: false,
      })),
    );
  const told = withoutFollowers(changes);
  const consumers = [
    ...new Set([
      ...(context.baseConsumers.get(before?.meta.topic ?? '') ?? []),
      ...(context.consumers.get(event.meta.topic) ?? []),
    ]),
  ].sort();
  const judged = consumers.map((consumer) => judgeConsumer(consumer, told, pair, context));
  const isChanged = before?.schema !== event.schema || told.length > 0;
  return {
    problems: [
      ...told.map((change) => ({
        ...change.problem,
        breaks: consumers.filter((_, index) => judged[index]?.hits.includes(change)),
      })),
      ...judged.flatMap(({ problems }) => problems),
    ],
    verdicts: judged.map(({ verdict }) => ({
      ...verdict,
      changed: isChanged || verdict.reasons.length > 0,
    })),
  };
}

/** WIRE and RUNTIME: against every released version, in every direction that the metadata promises or promised. */
function versionChanges(pair: EventPair, { events }: EventContext): Change[] {
  const { event, now, before, released, locator } = pair;
  const modes = [event.meta.compatibility, before?.meta.compatibility ?? ''];
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
  if (found.size === 0) return [];
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
        fix: `${undo(first, newer.size > 0)} If the break is meant, it is a new event beside this one:`,
        steps,
      },
      fields: fieldNames(first.steps),
      isOfBytes: true,
    };
  });
  return placeRuntime(changes, pair);
}

/** avsc does not say where: the place is that of the name, or of the logical type, that differs. */
function placeRuntime(changes: readonly Change[], { event, now, released, locator }: EventPair): Change[] {
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
function meaningChanges({ event, now, before, locator }: EventPair): Change[] {
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
        isOfBytes: false,
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

function placeOf(
  event: EventModel,
  steps: readonly Step[],
  attribute: string,
  locator: SchemaLocator,
): Pick<Problem, 'file' | 'field' | 'path'> {
  const { fullName, file } = event.record;
  return { field: fieldLabel(steps), ...(locator.locate(fullName, steps, attribute) ?? { file, path: [] }) };
}
