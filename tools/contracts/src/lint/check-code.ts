import type { TopologyApp, TopologyOperation } from '@eda/contracts';
import type { ReaderSchema } from '../check/reader-schemas.ts';
import type { ContractModel, EventModel } from '../contract-model.ts';
import { exportName } from '../emit/export-name.ts';
import { lowerFirst } from '../emit/typescript.ts';
import type { Problem } from '../problems.ts';
import type { AppCode } from './app-code.ts';
import { findContractUses } from './contract-uses.ts';
import type { ContractUse, UseKind } from './contract-uses.ts';
import { orTooDeep } from './parse-code.ts';

/** Exports of `@eda/contracts` that stand for all events at once. */
const ALL = ['EVENTS', 'TOPICS', 'SCHEMAS'];

/** What the code does, and the operation that has to say so. */
const DECLARED: Readonly<
  Partial<Record<UseKind, { purpose: TopologyOperation['purpose']; verb: string; action: string }>>
> = {
  receive: { purpose: 'consume', verb: 'subscribes to', action: 'receive' },
  send: { purpose: 'publish', verb: 'sends', action: 'send' },
};

/** What must be found in the code for an operation to be true. */
const NEEDED: Readonly<
  Partial<Record<TopologyOperation['purpose'], { kinds: readonly UseKind[]; verb: string }>>
> = {
  consume: { kinds: ['receive', 'other'], verb: 'subscribes to' },
  publish: { kinds: ['send', 'other'], verb: 'sends' },
  observe: { kinds: ['receive', 'send', 'resolve', 'other'], verb: 'uses' },
};

/**
 * Checks that each app does what its AsyncAPI document and its reader schemas say, and nothing else; adds what does not fit to
 * `problems`.
 */
export function checkCode(
  { events, topology: { apps } }: Pick<ContractModel, 'events' | 'topology'>,
  readers: readonly ReaderSchema[],
  code: readonly AppCode[],
  problems: Problem[],
): void {
  const byName = new Map(
    events.flatMap((event) => [
      [exportName(event.record.namespace, event.record.name, lowerFirst), event] as const,
      [event.meta.topic, event] as const,
    ]),
  );
  const names = new Set([...byName.keys(), ...ALL]);
  for (const [name, files] of Map.groupBy(code, ({ app }) => app)) {
    const found = files.map((file) => orTooDeep(file.file, problems, () => findContractUses(file, names)));
    const uses = found.flatMap((some) => some ?? []);
    const app = apps.find((candidate) => candidate.name === name);
    checkUses(name, app?.operations ?? [], uses, byName, problems);
    for (const reader of readers.filter((candidate) => candidate.app === name))
      checkReader(reader, uses, byName, problems);
    // What is not found may stand in a file that could not be read.
    if (app && !found.includes(undefined)) checkOperations(app, uses, byName, problems);
  }
}

function checkUses(
  app: string,
  operations: readonly TopologyOperation[],
  uses: readonly ContractUse[],
  byName: ReadonlyMap<string, EventModel>,
  problems: Problem[],
): void {
  const told = new Set<string>();
  for (const { name, kind, file, position } of uses) {
    const topic = byName.get(name)?.meta.topic;
    if (topic === undefined) continue;
    const needed = DECLARED[kind];
    const declared = operations.some(
      (operation) => operation.topic === topic && (!needed || operation.purpose === needed.purpose),
    );
    // One place is enough to find the others.
    const key = `${topic} ${needed?.verb ?? ''}`;
    if (declared || told.has(key)) continue;
    told.add(key);
    problems.push({
      code: 'C021',
      file,
      field: '',
      position,
      what: `${app} ${needed?.verb ?? 'uses'} ${topic}, but apps/${app}/asyncapi.yaml has no ${needed ? `${needed.action} ` : ''}operation for it`,
      fix: `Add the operation to apps/${app}/asyncapi.yaml, or take ${name} out of the code.`,
    });
  }
}

/** Code that subscribes with a contract has its codec resolve the whole event, however little of it the handler looks at. */
function checkReader(
  { app, file, event, schema }: ReaderSchema,
  uses: readonly ContractUse[],
  byName: ReadonlyMap<string, EventModel>,
  problems: Problem[],
): void {
  const use = uses.find(
    ({ name, kind }) => kind === 'receive' && byName.get(name)?.record.fullName === event,
  );
  const contract = use && byName.get(use.name);
  if (!contract || contract.schema === schema.text) return;
  problems.push({
    code: 'C021',
    file,
    field: '',
    what: `${app} reads the whole of ${contract.record.name}: ${use.file} line ${use.position.line} subscribes with ${use.name}`,
    why: 'Changes would be judged by this schema, and the service would stop at them all the same: its codec needs every field without a default.',
    fix: 'Remove this file; it is for consumers that decode with a schema of their own.',
  });
}

function checkOperations(
  { name: app, operations }: TopologyApp,
  uses: readonly ContractUse[],
  byName: ReadonlyMap<string, EventModel>,
  problems: Problem[],
): void {
  const usesAll = uses.some(({ name }) => ALL.includes(name));
  const usesByTopic = Map.groupBy(uses, ({ name }) => byName.get(name)?.meta.topic);
  for (const { name, purpose, topic } of operations) {
    const needed = NEEDED[purpose];
    // Topics of failures are served by the Kafka library, not by the code of the app.
    if (!needed || !byName.has(topic)) continue;
    const found = usesAll || usesByTopic.get(topic)?.some(({ kind }) => needed.kinds.includes(kind)) === true;
    if (found) continue;
    problems.push({
      code: 'C021',
      file: `apps/${app}/asyncapi.yaml`,
      field: `operations.${name}`,
      what: `nothing in apps/${app}/src ${needed.verb} ${topic}`,
      fix: 'Write the code that does it, or remove the operation.',
    });
  }
}
