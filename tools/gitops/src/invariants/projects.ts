import { type KubeObject, nameOf } from '@eda/charts';
import { ROOT_FILE } from '../adoption/root-file.ts';
import { KUSTOMIZE } from '../kustomize/kustomize-files.ts';
import { sourcesOf } from '../tree/application.ts';
import type { Child } from '../tree/render-tree.ts';
import type { Finding, Invariant } from './invariant.ts';
import { applied, kindOf, listAt, objectsInValues, textAt } from './look.ts';
import { rootApplication } from './root-application.ts';
import type { Environment, Subject } from './subject.ts';

const OWN_CLUSTER = 'https://kubernetes.default.svc';

export const projects: Invariant = {
  name: 'projects',
  why: 'A project that may do more than its applications do lets a mistake in one of them, or somebody who can change it, do that too.',
  check: (subject) => [
    ...subject.environments.flatMap((environment) =>
      [
        ...projectsOf(environment).flatMap((project) => ofProject(project, subject, environment)),
        ...environment.children.flatMap((child) => ofChild(child, subject, environment)),
      ].map((found) => ({ environment: environment.environment, ...found })),
    ),
    ...unusedKinds(subject),
    ...ofRoot(subject),
  ],
};

const projectsOf = ({ root }: Environment) => root.filter(({ kind }) => kind === 'AppProject');

const childrenOf = ({ children }: Environment, { metadata }: KubeObject) =>
  children.filter(({ application }) => application.spec.project === metadata.name);

function kindsOf(project: KubeObject, scope: 'cluster' | 'namespace'): string[] {
  return listAt(project, 'spec', `${scope}ResourceWhitelist`).map(
    (entry) => `${textAt(entry, 'group')}/${textAt(entry, 'kind')}`,
  );
}

const namespacesOf = (project: KubeObject) =>
  listAt(project, 'spec', 'destinations').map((destination) => textAt(destination, 'namespace'));

/** Whether a list has what is asked for; that it has what stands for everything is told once, and not of everything. */
const allows = (list: readonly string[], asked: string) =>
  list.includes(asked) || list.some((one) => one.includes('*'));

/** Namespaces that an application says it puts something into. */
function claimed({ inventory }: Subject, { name, application }: Child): string[] {
  return [
    application.spec.destination.namespace,
    ...(inventory.applications.get(name)?.alsoNamespaces ?? []),
  ];
}

/** Where what it renders lands; of a chart of others, only what it says is known. */
function used(subject: Subject, child: Child): Set<string> {
  if (child.objects === undefined) return new Set(claimed(subject, child));
  return new Set(applied(child).flatMap(({ metadata }) => metadata.namespace ?? []));
}

function ofProject(project: KubeObject, subject: Subject, environment: Environment): Finding[] {
  const object = nameOf(project);
  const children = childrenOf(environment, project);
  const repositories = new Set(
    children.flatMap(({ application }) => sourcesOf(application).map(({ repoURL }) => repoURL)),
  );
  const allowedRepositories = listAt(project, 'spec', 'sourceRepos').map(String);
  const namespaces = new Set(children.flatMap((child) => [...used(subject, child)]));
  const found: Finding[] = [];
  for (const repository of allowedRepositories) {
    if (repository.includes('*'))
      found.push({
        object,
        path: 'spec.sourceRepos',
        reason: `${repository} stands for more than one repository; write them down`,
      });
    else if (!repositories.has(repository))
      found.push({ object, path: 'spec.sourceRepos', reason: `${repository} is not used; remove it` });
  }
  for (const repository of repositories) {
    if (!allows(allowedRepositories, repository))
      found.push({ object, path: 'spec.sourceRepos', reason: `lacks ${repository}; add it` });
  }
  for (const namespace of namespacesOf(project)) {
    if (namespace.includes('*'))
      found.push({
        object,
        path: 'spec.destinations',
        reason: `${namespace} stands for more than one namespace; write them down`,
      });
    else if (!namespaces.has(namespace))
      found.push({
        object,
        path: 'spec.destinations',
        reason: `nothing is put into ${namespace}; remove it from namespace or alsoNamespaces of its applications`,
      });
  }
  for (const destination of listAt(project, 'spec', 'destinations')) {
    const server = textAt(destination, 'server');
    if (server !== OWN_CLUSTER)
      found.push({ object, path: 'spec.destinations', reason: `${server} is another cluster; remove it` });
  }
  for (const kind of [...kindsOf(project, 'cluster'), ...kindsOf(project, 'namespace')]) {
    if (kind.includes('*'))
      found.push({ object, path: 'spec', reason: `${kind} stands for more than one kind; write them down` });
  }
  if (children.some(({ application }) => isService(application.spec.source?.path, subject)))
    found.push(...ofServices(project, object));
  return found;
}

/** Whether it is one of our services: its chart, which overlays are made from as well, says what it needs of Kafka. */
function isService(path: string | undefined, { files }: Subject): boolean {
  const [, app] = path?.startsWith(`${KUSTOMIZE}/`) === true ? path.slice(KUSTOMIZE.length).split('/') : [];
  const chart = app === undefined ? (path ?? '') : `charts/${app}`;
  return files.has(`${chart}/contract.generated.yaml`);
}

/** A service that could make its own user would have whatever rights it likes; so would one that makes roles. */
function ofServices(project: KubeObject, object: string): Finding[] {
  const cluster = kindsOf(project, 'cluster').map((kind) => ({
    object,
    path: 'spec.clusterResourceWhitelist',
    reason: `services may make nothing of the cluster's; remove ${kind}`,
  }));
  const namespaced = kindsOf(project, 'namespace')
    .filter((kind) =>
      /^(kafka\.strimzi\.io\/|rbac\.authorization\.k8s\.io\/|bitnami\.com\/|(generators\.)?external-secrets\.io\/|\/Secret$)/.test(
        kind,
      ),
    )
    .map((kind) => ({
      object,
      path: 'spec.namespaceResourceWhitelist',
      reason: `services may not make rights or credentials; remove ${kind}`,
    }));
  return [...cluster, ...namespaced];
}

function ofChild(child: Child, subject: Subject, environment: Environment): Finding[] {
  const project = projectsOf(environment).find(
    ({ metadata }) => metadata.name === child.application.spec.project,
  );
  // That there is none is told by another rule.
  if (project === undefined) return [];
  const application = child.name;
  const rendered = applied(child).map((object) => ({ object, where: nameOf(object) }));
  const inValues =
    child.objects === undefined
      ? objectsInValues(subject, environment.environment, application)
          // What refers to another object looks like one, without a content.
          .filter(({ object }) => object.metadata.namespace !== undefined)
          .map(({ file, object }) => ({ object, where: `${file}: ${nameOf(object)}` }))
      : [];
  return [...rendered, ...inValues].flatMap(({ object, where }): Finding[] => {
    const { namespace } = object.metadata;
    const scope = namespace === undefined ? 'cluster' : 'namespace';
    const found: Finding[] = [];
    if (!allows(kindsOf(project, scope), kindOf(object)))
      found.push({
        application,
        object: where,
        reason: `the project ${project.metadata.name} may not make ${kindOf(object)}; add it to projects.${project.metadata.name}.${scope}${scope === 'cluster' ? '' : 'd'}Kinds in gitops/root/values.yaml, if it is meant`,
      });
    if (namespace !== undefined && !allows(namespacesOf(project), namespace))
      found.push({
        application,
        object: where,
        path: 'metadata.namespace',
        reason: `the project ${project.metadata.name} may not put anything into ${namespace}; use the namespace of the application, or add it to alsoNamespaces`,
      });
    return found;
  });
}

/** Kinds that no environment makes. What charts of others make cannot be seen here, so their projects are left out. */
function unusedKinds({ environments, inventory }: Subject): Finding[] {
  const names = new Set(environments.flatMap(projectsOf).map(({ metadata }) => metadata.name));
  return [...names].flatMap((name): Finding[] => {
    if (
      [...inventory.applications.values()].some(
        ({ project, chart }) => project === name && chart !== undefined,
      )
    )
      return [];
    const listed = environments
      .flatMap(projectsOf)
      .filter(({ metadata }) => metadata.name === name)
      .flatMap((project) => [...kindsOf(project, 'cluster'), ...kindsOf(project, 'namespace')]);
    const made = new Set(
      environments.flatMap(({ children }) =>
        children
          .filter(({ application }) => application.spec.project === name)
          .flatMap((child) => applied(child).map(kindOf)),
      ),
    );
    return [...new Set(listed)]
      .filter((kind) => !made.has(kind) && !kind.includes('*'))
      .map((kind) => ({
        object: `AppProject/${name}`,
        reason: `no environment makes ${kind}; remove it from projects.${name} in gitops/root/values.yaml`,
      }));
  });
}

/** The root makes applications, projects and namespaces, and may make nothing else. */
function ofRoot(subject: Subject): Finding[] {
  const root = rootApplication(subject);
  if (root === undefined) return [];
  const objects = subject.environments.flatMap((environment) => environment.root);
  const made = new Set(objects.map(kindOf));
  const listed = [...kindsOf(root.project, 'cluster'), ...kindsOf(root.project, 'namespace')];
  const object = `${ROOT_FILE}: ${nameOf(root.project)}`;
  const namespaces = new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []));
  return [
    ...listAt(root.project, 'spec', 'sourceRepos')
      .filter((repository) => repository !== root.repoURL)
      .map((repository) => ({
        object,
        path: 'spec.sourceRepos',
        reason: `the root is not read from ${String(repository)}; remove it`,
      })),
    ...listAt(root.project, 'spec', 'destinations')
      .map((destination) => textAt(destination, 'server'))
      .filter((server) => server !== OWN_CLUSTER)
      .map((server) => ({
        object,
        path: 'spec.destinations',
        reason: `${server} is another cluster; remove it`,
      })),
    ...listed
      .filter((kind) => !made.has(kind))
      .map((kind) => ({ object, reason: `the root does not make ${kind}; remove it` })),
    ...[...made]
      .filter((kind) => !listed.includes(kind))
      .map((kind) => ({ object, reason: `the root makes ${kind}, and may not; add it` })),
    ...namespacesOf(root.project)
      .filter((namespace) => !namespaces.has(namespace))
      .map((namespace) => ({
        object,
        path: 'spec.destinations',
        reason: `nothing is put into ${namespace}; remove it`,
      })),
  ];
}
