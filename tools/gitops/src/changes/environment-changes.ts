/** What a cluster gets, loses and keeps when the tree of its environment becomes another one. */
import { differencesIn, type FieldDifference, groupOf, type KubeObject } from '@eda/charts';
import { type Application, isApplication, sourcesOf, waveOf } from '../tree/application.ts';
import type { Child, Tree } from '../tree/render-tree.ts';
import { lostBetween, lostWith } from './destruction.ts';
import { type Fate, fateOf, type How } from './object-fate.ts';
import type { ChangedValues } from './values-changes.ts';

/** `again`: a Job whose name says what it runs with, and which therefore runs once more. */
export type Change = 'added' | 'changed' | 'deleted' | 'again';

export interface ObjectChange {
  readonly change: Change;
  readonly kind: string;
  readonly group: string;
  readonly namespace: string;
  readonly name: string;
  /** What differs; of what changed. */
  readonly fields: readonly FieldDifference[];
  /** What Argo CD does with it; of what Git no longer has. */
  readonly fate?: Fate;
  /** What is lost for good. */
  readonly lost: readonly string[];
}

export interface ApplicationChange {
  readonly name: string;
  readonly wave: number;
  readonly change: Exclude<Change, 'again'>;
  /** What differs in how Argo CD deploys it. */
  readonly settings: readonly FieldDifference[];
  /** The chart of others, before and now. Its content is not here. */
  readonly chart?: { readonly name: string; readonly before?: string; readonly after?: string };
  /** Values that the chart of others gets. */
  readonly values: readonly ChangedValues[];
  readonly objects: readonly ObjectChange[];
  /** What is lost for good beside what is lost with the objects. */
  readonly lost: readonly string[];
  /** What else is to be known. */
  readonly notes: readonly string[];
}

/** What the root itself makes, as if it were an application. */
export const ROOT = 'root';

/** Returns the changes of the applications that change, in the order in which Argo CD comes to them. */
export function environmentChanges(
  before: Tree | undefined,
  after: Tree,
  valuesOf: (name: string) => readonly ChangedValues[] = () => [],
): ApplicationChange[] {
  const [had, has] = [childrenOf(before), childrenOf(after)];
  const changes = [...new Set([...had.keys(), ...has.keys()])].flatMap((name) =>
    applicationChange(name, had.get(name), has.get(name), valuesOf(name)),
  );
  return [...rootChange(before, after), ...changes].sort(
    (one, other) => one.wave - other.wave || compareText(one.name, other.name),
  );
}

/** Returns how much is lost for good. */
export function countLost(changes: readonly ApplicationChange[]): number {
  return changes
    .flatMap(({ lost, objects }) => [lost, ...objects.map((object) => object.lost)])
    .reduce((sum, { length }) => sum + length, 0);
}

function childrenOf(tree: Tree | undefined): ReadonlyMap<string, Child> {
  return new Map(tree?.children.map((child) => [child.name, child]));
}

function rootChange(before: Tree | undefined, after: Tree): ApplicationChange[] {
  const own = (tree: Tree | undefined) => tree?.root.filter((object) => !isApplication(object)) ?? [];
  const objects = objectChanges(own(before), own(after), 'Prune');
  if (objects.length === 0) return [];
  const change = before === undefined ? 'added' : 'changed';
  const none = { settings: [], values: [], lost: [], notes: [] };
  return [{ name: ROOT, wave: -Infinity, change, objects, ...none }];
}

function applicationChange(
  name: string,
  before: Child | undefined,
  after: Child | undefined,
  values: readonly ChangedValues[],
): ApplicationChange[] {
  if (after === undefined) return before === undefined ? [] : [deletedApplication(before)];
  const change = before === undefined ? 'added' : 'changed';
  const settings = before === undefined ? [] : settingsOf(before.application, after.application);
  const chart = chartChange(before?.application, after.application);
  const objects = objectChanges(before?.objects ?? [], after.objects ?? [], 'Prune');
  const isSame =
    before !== undefined && [settings, objects, values].every(({ length }) => length === 0) && !chart;
  if (isSame) return [];
  const wave = waveOf(after.application);
  return [{ name, wave, change, settings, ...(chart && { chart }), values, objects, lost: [], notes: [] }];
}

function deletedApplication({ name, application, objects = [] }: Child): ApplicationChange {
  const common = { name, wave: waveOf(application), change: 'deleted', settings: [], values: [] } as const;
  const chart = chartChange(application, undefined);
  // Without one, Argo CD forgets the application and leaves what it made.
  if ((application.metadata.finalizers ?? []).length === 0)
    return {
      ...common,
      objects: [],
      lost: [],
      notes: ['What it made stays on the cluster, and nobody looks after it any more.'],
    };
  return {
    ...common,
    ...(chart && { chart }),
    objects: objectChanges(objects, [], 'Delete'),
    lost: [
      chart === undefined
        ? 'Argo CD deletes the application with everything it made'
        : 'Argo CD deletes the application with everything it made, which is not to be seen here (definitions of kinds stay)',
    ],
    notes: [],
  };
}

function chartChange(
  before: Application | undefined,
  after: Application | undefined,
): ApplicationChange['chart'] {
  const [had, has] = [before, after].map(
    (application) => application && sourcesOf(application).find(({ chart }) => chart !== undefined),
  );
  const name = has?.chart ?? had?.chart;
  if (name === undefined) return undefined;
  if (had?.chart === has?.chart && had?.targetRevision === has?.targetRevision) return undefined;
  const version = (source: typeof had) =>
    source &&
    (source.chart === name ? source.targetRevision : `${source.chart ?? ''} ${source.targetRevision}`);
  const [one, other] = [version(had), version(has)];
  return { name, ...(one !== undefined && { before: one }), ...(other !== undefined && { after: other }) };
}

/** The rest of the Application: the version of its chart is told by itself. */
function settingsOf(before: Application, after: Application): FieldDifference[] {
  return differencesIn(before, after).filter(
    ({ path }) => !/^spec\.sources?(\[\d+\])?\.(chart|targetRevision)$/.test(path),
  );
}

function objectChanges(
  before: readonly KubeObject[],
  after: readonly KubeObject[],
  how: How,
): ObjectChange[] {
  const [had, has] = [byAddress(before), byAddress(after)];
  const gone = [...had].filter(([address]) => !has.has(address)).map(([, object]) => object);
  const come = [...has].filter(([address]) => !had.has(address)).map(([, object]) => object);
  // Of each Job that is named after its content, the next one.
  const again = come.filter((object) => gone.some((other) => isNextRun(other, object)));
  const changes = [
    ...again.map((object) => describe('again', object)),
    ...come.filter((object) => !again.includes(object)).map((object) => describe('added', object)),
    ...gone
      .filter((object) => !again.some((other) => isNextRun(object, other)))
      .map((object) => {
        const fate = fateOf(object, how);
        const lost = fate === 'stays' ? undefined : lostWith(object);
        return { ...describe('deleted', object), fate, lost: lost === undefined ? [] : [lost] };
      }),
    ...[...had].flatMap(([address, object]) => {
      const next = has.get(address);
      const fields = next === undefined ? [] : differencesIn(object, next).sort(byPath);
      if (next === undefined || fields.length === 0) return [];
      return [{ ...describe('changed', next), fields, lost: lostBetween(object, next) }];
    }),
  ];
  return changes.sort((one, other) => compareText(sortKey(one), sortKey(other)));
}

const byPath = (one: FieldDifference, other: FieldDifference) => compareText(one.path, other.path);

function describe(change: Change, object: KubeObject): ObjectChange {
  const { kind, metadata } = object;
  const { name, namespace = '' } = metadata;
  return { change, kind, group: groupOf(object), namespace, name, fields: [], lost: [] };
}

const sortKey = ({ kind, group, namespace, name }: ObjectChange) => [kind, name, namespace, group].join('\0');

/** Another version of the same kind is the same object. */
function byAddress(objects: readonly KubeObject[]): Map<string, KubeObject> {
  return new Map(
    objects.map((object) => [
      [groupOf(object), object.kind, object.metadata.namespace ?? '', object.metadata.name].join('\0'),
      object,
    ]),
  );
}

const HASHES = /(-[0-9a-f]{6,64})+$/;

function isNextRun(before: KubeObject, after: KubeObject): boolean {
  const stem = ({ metadata }: KubeObject) => metadata.name.replace(HASHES, '');
  return (
    [before, after].every(({ kind, metadata }) => kind === 'Job' && HASHES.test(metadata.name)) &&
    before.metadata.namespace === after.metadata.namespace &&
    stem(before) === stem(after)
  );
}

/** The same order whatever the language of who looks. */
function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
