import { isDeepStrictEqual } from 'node:util';
import { nameOf } from '@eda/charts';
import { ROOT_FILE } from '../adoption/root-file.ts';
import { SOME_REPOSITORY, SOME_REVISION } from '../tree/render-tree.ts';
import type { Finding, Invariant } from './invariant.ts';
import { rootApplication } from './root-application.ts';
import { type Environment, OTHER_REPOSITORY, OTHER_REVISION, type Subject } from './subject.ts';

export const repositoryAddress: Invariant = {
  name: 'repository-address',
  why: 'Who makes a copy of the repository changes its address once; a second place would go on deploying from the original.',
  check: (subject) => [...inFiles(subject), ...subject.environments.flatMap(inTree)],
};

/** Read by people of the charts, who look for where those come from; nothing is deployed by it. */
const MAY_NAME_IT = /^charts\/[^/]+\/(README\.md|Chart\.yaml)$/;

function inFiles(subject: Subject): Finding[] {
  const address = rootApplication(subject)?.repoURL;
  if (address === undefined)
    return [{ object: ROOT_FILE, reason: 'names no repository; the root needs one' }];
  const bare = address.replace(/\.git$/, '');
  return [...subject.files].flatMap(([file, text]): Finding[] => {
    const times = text.split(bare).length - 1;
    if (times === (file === ROOT_FILE ? 1 : 0) || MAY_NAME_IT.test(file)) return [];
    return [
      {
        object: file,
        reason:
          file === ROOT_FILE
            ? `names the repository ${times} times; write it once and refer to it (&repository, *repository)`
            : 'names the repository, which stands in 30-root.yaml; take it from there (repoURL, or links in gitops/root/values.yaml)',
      },
    ];
  });
}

/** What the root is told of the repository is all that may differ. */
function inTree({ environment, root, elsewhere }: Environment): Finding[] {
  const moved = JSON.parse(
    JSON.stringify(root)
      .replaceAll(SOME_REPOSITORY, OTHER_REPOSITORY)
      .replaceAll(SOME_REPOSITORY.replace(/\.git$/, ''), OTHER_REPOSITORY.replace(/\.git$/, ''))
      .replaceAll(SOME_REVISION, OTHER_REVISION),
  ) as typeof root;
  if (moved.length !== elsewhere.length) {
    return [{ environment, reason: 'another repository has other objects; make them by environment only' }];
  }
  return moved
    .filter((object, index) => !isDeepStrictEqual(object, elsewhere[index]))
    .map((object) => ({
      environment,
      object: nameOf(object),
      reason: 'does not follow the repository that the root is told; use repoURL and revision as they are',
    }));
}
