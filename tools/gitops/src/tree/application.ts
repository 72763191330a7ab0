/** Applications of Argo CD, as the chart gitops/root renders them. */
import type { KubeObject } from '@eda/charts';

export interface Application extends KubeObject {
  readonly kind: 'Application';
  readonly spec: ApplicationSpec;
}

export interface ApplicationSpec extends Record<string, unknown> {
  readonly project: string;
  readonly destination: { readonly server: string; readonly namespace: string };
  readonly source?: Source;
  readonly sources?: readonly Source[];
}

export interface Source {
  readonly repoURL: string;
  readonly targetRevision: string;
  readonly path?: string;
  readonly chart?: string;
  readonly ref?: string;
  readonly helm?: {
    readonly valueFiles?: readonly string[];
    readonly releaseName?: string;
    readonly parameters?: readonly { readonly name: string; readonly value: string }[];
  };
}

/** Returns whether the object is an Application. */
export function isApplication(object: KubeObject): object is Application {
  return object.kind === 'Application' && object.apiVersion === 'argoproj.io/v1alpha1';
}

/** Returns the wave in which Argo CD makes an object; 0 when nothing says so. */
export function waveOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? 0);
}

/** Returns the names of the applications that this one needs, as the inventory says. */
export function needsOf({ metadata }: KubeObject): string[] {
  return (metadata.annotations?.['eda-blueprint/needs'] ?? '').split(',').filter((name) => name !== '');
}

/** Returns all sources, of which there may be one or several. */
export function sourcesOf({ spec }: Application): readonly Source[] {
  return spec.sources ?? (spec.source === undefined ? [] : [spec.source]);
}
