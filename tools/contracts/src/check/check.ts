import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AvroRefused } from '../compat/avro-refused.ts';
import type { EventModel, Relaxation } from '../contract-model.ts';
import type { Finding } from '../finding.ts';
import { inspectContracts } from '../load-contracts.ts';
import type { Problem } from '../problems.ts';
import { folderTree, readOnce } from '../read/file-tree.ts';
import { Sources } from '../read/sources.ts';
import { accepts } from './accepts.ts';
import { readBase } from './base.ts';
import type { Base } from './base.ts';
import { CannotCheck } from './cannot-check.ts';
import { compareChannels } from './compare-topics.ts';
import { compareEvent } from './compare-event.ts';
import type { EventComparison } from './compare-event.ts';
import type { EventContext } from './event-pair.ts';
import { consumersByTopic } from './consumers.ts';
import type { ConsumersByTopic } from './consumers.ts';
import type { EarlierEvent } from './earlier-event.ts';
import { Git } from './git.ts';
import { checkLockGrows, frozenName, newestVersions, readHistory } from './lock.ts';
import type { Frozen } from './lock.ts';
import { readReaderSchemas } from './reader-schemas.ts';
import { SchemaLocator } from './schema-locator.ts';
import { schemaVersion } from './schema-version.ts';
import type { SchemaVersion } from './schema-version.ts';
import type { Verdict } from './verdict.ts';

/** What is known of the difference between a commit and what stands in the files now. */
export interface CheckResult {
  /** What it was compared with, as it was asked for. */
  readonly against: string;
  /** Empty when there were no contracts. */
  readonly commit: string;
  readonly notes: readonly string[];
  readonly findings: readonly Finding[];
  /** Findings that do not count, with the reason that the metadata gives. */
  readonly accepted: readonly Accepted[];
  /** One for each consumer of each event. */
  readonly verdicts: readonly Verdict[];
}

export interface Accepted {
  readonly finding: Finding;
  readonly reason: string;
}

/**
 * Compares the contracts in the files under `root` with those at `ref`. Writes nothing into the repository.
 * Throws `CannotCheck` when there is nothing to compare or to compare with.
 */
export function check(root: string, ref: string): CheckResult {
  try {
    return compare(root, ref);
  } catch (error) {
    const { code, path, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new CannotCheck(`${path ?? root} cannot be used (${code ?? syscall})`, { cause: error });
  }
}

function compare(root: string, ref: string): CheckResult {
  if (!existsSync(join(root, 'schemas')))
    throw new CannotCheck(`${root} is no repository of contracts: it has no folder schemas`);
  const git = new Git(root);
  // What is the same at the ref is found by what the files hold.
  const sources = new Sources(readOnce(folderTree(root)));
  const now = inspectContracts(sources);
  const { apps } = now;
  const problems: Problem[] = [...now.problems];
  const history = readHistory(sources, problems);
  const readers = readReaderSchemas(sources, now.model?.events ?? [], apps, problems);
  const known = new Set(now.model?.events.map(({ schema }) => schema));
  const base = readBase(git, ref, { sources, schemas: known });
  checkLockGrows(
    (base?.history.frozen ?? []).flatMap(({ entry }) => entry ?? []),
    history.entries,
    ref,
    problems,
  );
  const result = { against: ref, commit: base?.commit ?? '' };
  if (!now.model)
    return {
      ...result,
      notes: [...(base?.notes ?? []), 'The contracts have to be right before they can be compared.'],
      findings: sources.findings(problems),
      accepted: [],
      verdicts: [],
    };
  const { events, types } = now.model;
  const baseConsumers = consumersByTopic(base?.apps ?? []);
  const comparisons = compareAll({
    base,
    events,
    context: {
      consumers: consumersByTopic(apps),
      baseConsumers,
      readers,
      baseReaders: base?.readers ?? [],
      events,
    },
    frozen: history.frozen,
    locator: new SchemaLocator(sources, types),
  });
  const counted: Problem[] = [...problems];
  const accepted: { problem: Problem; reason: string }[] = [];
  for (const { problems: found, relax } of comparisons)
    for (const problem of found) {
      const relaxation = relax.find((entry) => accepts(entry, problem));
      if (relaxation) accepted.push({ problem, reason: relaxation.reason });
      else counted.push(problem);
    }
  if (base) counted.push(...compareChannels(base.apps, apps, eventTopics(base, events)));
  const removed = base ? removals(base, baseConsumers, events) : [];
  counted.push(...removed.flatMap(({ problems: found }) => found));
  const findings = sources.findings(counted);
  const isStale = base !== undefined && findings.length > 0 && !git.isInHead(base.commit);
  return {
    ...result,
    notes: [
      ...(base?.notes ?? []),
      ...(base ? [] : [`There are no contracts at ${ref}: everything is new.`]),
      ...(isStale
        ? [
            `${ref} has commits that this branch does not have; what they changed seems undone here. Merge it first.`,
          ]
        : []),
      // What breaks is to be mended, not to be released.
      ...(findings.some(({ severity }) => severity === 'error') ? [] : unreleased(events, history.frozen)),
    ],
    findings,
    accepted: accepted.map(({ problem, reason }) => ({
      finding: sources.findings([problem])[0] as Finding,
      reason,
    })),
    verdicts: [...comparisons, ...removed].flatMap(({ verdicts }) => verdicts),
  };
}

interface All {
  readonly base: Base | undefined;
  readonly events: readonly EventModel[];
  readonly context: EventContext;
  readonly frozen: readonly Frozen[];
  readonly locator: SchemaLocator;
}

interface Judged extends EventComparison {
  readonly relax: readonly Relaxation[];
}

function compareAll({ base, events, context, frozen, locator }: All): Judged[] {
  const earlier = new Map(base?.events.map((event) => [event.record.fullName, event]));
  // The copy at the ref counts where both have one.
  const copies = Map.groupBy(
    new Map([...frozen, ...(base?.history.frozen ?? [])].map((copy) => [copy.file, copy])).values(),
    ({ event }) => event,
  );
  return events.map((event) => {
    const before = earlier.get(event.record.fullName) ?? findByTopic(event, events, base?.events ?? []);
    const now = schemaVersion(event.record.name, event.schema);
    const released = releasedVersions({ event, now, before, ref: base?.ref ?? '', copies });
    return {
      ...compareEvent({ event, now, before, released, ref: base?.ref ?? '', locator }, context),
      relax: event.meta.relax,
    };
  });
}

/** The event at the ref that had the topic, when no event has kept its name. */
function findByTopic(
  event: EventModel,
  events: readonly EventModel[],
  earlier: readonly EarlierEvent[],
): EarlierEvent | undefined {
  return earlier.find(
    ({ meta, record }) =>
      meta.topic === event.meta.topic && !events.some((other) => other.record.fullName === record.fullName),
  );
}

/** Every version that may be in the topic or in a service, newest last. */
function releasedVersions({
  event,
  now,
  before,
  ref,
  copies,
}: {
  readonly event: EventModel;
  readonly now: SchemaVersion;
  readonly before: EarlierEvent | undefined;
  readonly ref: string;
  /** By the name that the copies of an event have in common. */
  readonly copies: ReadonlyMap<string, readonly Frozen[]>;
}): SchemaVersion[] {
  const names = new Set([frozenName(event), ...(before ? [frozenName(before)] : [])]);
  const { name } = event.record;
  const versions = [...names]
    .flatMap((copyName) => copies.get(copyName) ?? [])
    .sort((a, b) => a.version - b.version)
    .flatMap(({ version, schema }) => parsed(`${name}@${version}`, schema, now));
  if (before && !versions.some(({ text }) => text === before.schema))
    versions.push(...parsed(`${name} at ${ref}`, before.schema, now));
  return versions;
}

/** A copy that Avro refuses was edited, which is told already. */
function parsed(label: string, schema: string, now: SchemaVersion): SchemaVersion[] {
  if (schema === now.text) return [{ ...now, label }];
  try {
    return [schemaVersion(label, schema)];
  } catch (error) {
    if (error instanceof AvroRefused) return [];
    throw error;
  }
}

/** What no event of today can tell: those that are gone, and that had consumers. */
function removals(
  { ref, events: earlier }: Base,
  baseConsumers: ConsumersByTopic,
  events: readonly EventModel[],
): EventComparison[] {
  const names = new Set(events.map(({ record }) => record.fullName));
  const topics = new Set(events.map(({ meta }) => meta.topic));
  const gone = earlier.filter(({ record, meta }) => !names.has(record.fullName) && !topics.has(meta.topic));
  return gone.map((event) => {
    const { record, meta } = event;
    const consumers = baseConsumers.get(meta.topic) ?? [];
    const reason = { code: 'C014', level: 'SEMANTIC', field: '' } as const;
    const problem: Problem = {
      ...reason,
      file: record.file,
      what: `${record.name} is removed, and at ${ref} it has consumers`,
      why: 'Consumers that still run would wait for ever, without an error.',
      fix: 'First take the receive operations away and roll that out, then remove the event in a change of its own.',
      breaks: consumers,
    };
    return {
      problems: consumers.length === 0 ? [] : [problem],
      verdicts: consumers.map((consumer) => ({
        consumer,
        event: record.name,
        topic: meta.topic,
        changed: true,
        verdict: 'breaks',
        reasons: [reason],
      })),
    };
  });
}

/** The topics of events, now and at the ref: all others are for retries and dead letters. */
function eventTopics(base: Base, events: readonly EventModel[]): Set<string> {
  return new Set([...base.events, ...events].map(({ meta }) => meta.topic));
}

function unreleased(events: readonly EventModel[], frozen: readonly Frozen[]): string[] {
  if (frozen.length === 0) return [];
  const newestOf = newestVersions(frozen);
  const names = events
    .filter((event) => newestOf.get(frozenName(event))?.schema !== event.schema)
    .map(({ record }) => record.name);
  return names.length === 0
    ? []
    : [`Not released as it is now: ${names.join(', ')}. Before you merge, run npx contracts release.`];
}
