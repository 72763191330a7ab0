/** Applications of Argo CD, as the cluster has them. */
import { kubectl, list, type LiveObject } from './kubectl.ts';

export interface Application extends LiveObject {
  readonly spec: {
    readonly destination: { readonly namespace?: string };
    readonly source?: Pinned;
    readonly sources?: readonly Pinned[];
  };
  readonly status?: {
    readonly sync?: {
      readonly status: string;
      readonly revision?: string;
      readonly revisions?: readonly string[];
    };
    readonly health?: {
      readonly status: string;
      readonly message?: string;
      readonly lastTransitionTime?: string;
    };
    readonly operationState?: {
      readonly phase: string;
      readonly message?: string;
      readonly startedAt: string;
      readonly finishedAt?: string;
      readonly syncResult?: {
        readonly revision?: string;
        readonly revisions?: readonly string[];
        readonly resources?: readonly {
          readonly kind: string;
          readonly name: string;
          readonly message?: string;
        }[];
      };
    };
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
    readonly resources?: readonly ManagedResource[];
  };
}

interface Pinned {
  readonly repoURL: string;
  readonly targetRevision: string;
}

export interface ManagedResource {
  readonly group?: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly health?: { readonly status?: string; readonly message?: string };
}

/** The application that makes all others. */
export const ROOT = 'root';

/** Returns all applications by name; none when there is no Argo CD. */
export async function applications(): Promise<Map<string, Application>> {
  const found = await list<Application>('applications.argoproj.io', 'argocd');
  return new Map(found.map((application) => [application.metadata.name, application]));
}

/** Has Argo CD look at the repository now, as the webhook of a Git server does. */
export async function lookNow(): Promise<void> {
  await annotate(ROOT, `${REFRESH}=hard`);
}

const REFRESH = 'argocd.argoproj.io/refresh';

/**
 * Returns whether Argo CD has been asked to look at the application and has not answered yet. What is asked while it looks is taken for
 * answered with it, so that a newer commit waits for the timed look.
 */
export function isLookedAt({ metadata }: Application): boolean {
  return metadata.annotations?.[REFRESH] !== undefined;
}

/** Says to Argo CD that it may delete what it waits with. */
export async function confirmDeletion(application: string): Promise<void> {
  const now = new Date().toISOString().replace(/\.\d+/, '');
  await annotate(application, `argocd.argoproj.io/deletion-approved=${now}`);
}

/** Ends the sync that is under way, whatever it waits for. It stays the last one of an application that is as the newest commit says. */
export async function endSync(application: string): Promise<void> {
  const patch = JSON.stringify({ status: { operationState: { phase: 'Terminating' } } });
  await kubectl([
    'patch',
    'application',
    application,
    '--namespace',
    'argocd',
    '--type=merge',
    '--patch',
    patch,
  ]);
}

async function annotate(application: string, annotation: string): Promise<void> {
  await kubectl(['annotate', 'application', application, '--namespace', 'argocd', '--overwrite', annotation]);
}

/** Returns whether everything of the application is as the repository says and healthy, and nothing is under way. */
export function isGreen({ status }: Application): boolean {
  return (
    status?.sync?.status === 'Synced' &&
    status.health?.status === 'Healthy' &&
    status.operationState?.phase === 'Succeeded'
  );
}

/** Returns since when it is green: the end of its last sync or its last change of health, whichever is later. */
export function greenSince({ status }: Application): string {
  const times = [status?.operationState?.finishedAt, status?.health?.lastTransitionTime];
  return (
    times
      .filter((time) => time !== undefined)
      .sort()
      .at(-1) ?? ''
  );
}

/** Returns in a few words why it is not green. */
export function whyNotGreen({ status }: Application): string {
  const condition = status?.conditions?.find(({ type }) => type.endsWith('Error'));
  const parts = [
    status?.sync?.status ?? 'not compared yet',
    status?.health?.status ?? 'no health yet',
    status?.operationState === undefined ? undefined : `sync ${status.operationState.phase}`,
    condition?.message ?? status?.health?.message ?? status?.operationState?.message,
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}

/** Returns the names of the applications that it needs, as the inventory says. */
export function needsOf({ metadata }: Application): string[] {
  return (metadata.annotations?.['eda-blueprint/needs'] ?? '').split(',').filter((name) => name !== '');
}

/** Returns the wave in which the root makes it. */
export function waveOf({ metadata }: Application): number {
  return Number(metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? 0);
}

/** Returns the commit of our repository that it is to be at: the last source, which for a chart of others holds the values. */
export function targetOf({ spec }: Application): string {
  return spec.source?.targetRevision ?? spec.sources?.at(-1)?.targetRevision ?? '';
}
