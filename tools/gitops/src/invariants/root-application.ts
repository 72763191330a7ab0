/** The root Application with its project, as gitops/bootstrap brings them to the cluster. */
import type { KubeObject } from '@eda/charts';
import { parse } from 'yaml';
import { listAt, textAt } from './look.ts';
import type { Subject } from './subject.ts';

export const ROOT_FILE = 'gitops/bootstrap/30-root.yaml';

export interface RootApplication {
  readonly repoURL: string;
  readonly project: KubeObject;
}

/** Returns them; undefined when the file does not have both. */
export function rootApplication({ files }: Subject): RootApplication | undefined {
  const list: unknown = parse(textAt(parse(files.get(ROOT_FILE) ?? ''), 'data', 'root.yaml'));
  const objects = listAt(list, 'items') as readonly KubeObject[];
  const application = objects.find(({ kind }) => kind === 'Application');
  const project = objects.find(({ kind }) => kind === 'AppProject');
  const repoURL = textAt(application, 'spec', 'source', 'repoURL');
  return repoURL === '' || project === undefined ? undefined : { repoURL, project };
}
