/** The root Application with its project, as gitops/bootstrap brings them to the cluster. */
import type { KubeObject } from '@eda/charts';
import { parse } from 'yaml';
import { ROOT_FILE } from '../adoption/root-file.ts';
import { type Application, isApplication } from '../tree/application.ts';
import { listAt, textAt } from './look.ts';
import type { Subject } from './subject.ts';

export interface RootApplication {
  readonly repoURL: string;
  readonly application: Application;
  readonly project: KubeObject;
}

/** Returns them; undefined when the file does not have both. */
export function rootApplication({ files }: Subject): RootApplication | undefined {
  const list: unknown = parse(textAt(parse(files.get(ROOT_FILE) ?? ''), 'data', 'root.yaml'));
  const objects = listAt(list, 'items') as readonly KubeObject[];
  const application = objects.find(isApplication);
  const project = objects.find(({ kind }) => kind === 'AppProject');
  const repoURL = textAt(application, 'spec', 'source', 'repoURL');
  return repoURL === '' || application === undefined || project === undefined
    ? undefined
    : { repoURL, application, project };
}
