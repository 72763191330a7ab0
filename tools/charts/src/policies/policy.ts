/** What a rule about rendered objects is. */
import type { KubeObject } from '../render/kube-object.ts';
import type { Render } from '../render/render-chart.ts';

export interface Violation {
  readonly object: KubeObject;
  /** Where in the object. */
  readonly path?: string;
  /** What is wrong; what to do. */
  readonly reason: string;
}

export interface Policy {
  /** The name of its file, and of exceptions from it. */
  readonly name: string;
  /** What would happen without it, in one sentence. */
  readonly why: string;
  readonly check: (render: Pick<Render, 'objects' | 'namespace'>) => Violation[];
}
