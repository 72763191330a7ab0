import { parse } from 'yaml';
import type { Finding, Invariant } from './invariant.ts';
import { applied, textAt } from './look.ts';
import type { Environment, Subject } from './subject.ts';
import { containersOf } from './world.ts';

/** That the values pass the schema of their chart is said by the render: it refuses them. */
export const envFiles: Invariant = {
  name: 'env-files',
  why: 'A file that no application reads looks as if it did something; and promotion copies version.yaml, so that whatever else is in it goes to production unseen.',
  check: (subject) => [
    ...subject.environments.flatMap((environment) => [
      ...ofSwitches(subject, environment),
      ...ofVersions(subject, environment),
    ]),
    ...[...subject.files.keys()]
      .filter((file) => file.startsWith(FOLDER))
      .flatMap((file) => ofFile(file, subject)),
  ],
};

const FOLDER = 'gitops/envs/';

/** Who changes a file decides what may be in it: releases, people on call, or who builds the environment. */
const KEYS: Readonly<Record<string, (keys: readonly string[]) => string[]>> = {
  'version.yaml': (keys) => keys.filter((key) => !['image.tag', 'image.digest'].includes(key)),
  'replicas.yaml': (keys) => keys.filter((key) => !/^(replicas$|autoscaling\.|consumerLag\.)/.test(key)),
  'secrets.yaml': (keys) => keys.filter((key) => !/^passwords\.sealed\./.test(key)),
  'settings.yaml': () => [],
};

/** What is not settings, since somebody else changes it. */
const BESIDE = ['version.yaml', 'replicas.yaml', 'secrets.yaml'];

function ofFile(file: string, { environments, inventory, files }: Subject): Finding[] {
  const [environment = '', application = '', name = '', ...deeper] = file.slice(FOLDER.length).split('/');
  const isKnown = environments.some((one) => one.environment === environment);
  const where = { ...(isKnown ? { environment } : {}), object: file };
  const say = (reason: string): Finding[] => [{ ...where, reason }];
  if (!isKnown)
    return say(
      `there is no environment ${environment}; add gitops/root/values-${environment}.yaml, or remove the folder`,
    );
  const entry = inventory.applications.get(application);
  if (entry === undefined)
    return say(`there is no application ${application}; correct the name, or remove the folder`);
  if (inventory.environments.get(environment)?.has(application) !== true)
    return say(`${application} is switched off in ${environment}; switch it on, or remove the folder`);
  // An overlay has no values, and a chart of others has only settings.
  const known =
    entry.kustomize !== undefined ? [] : entry.chart !== undefined ? ['settings.yaml'] : Object.keys(KEYS);
  const allowed = known.includes(name) && deeper.length === 0 ? KEYS[name] : undefined;
  if (allowed === undefined)
    return say(
      `no application reads it; ${known.length === 0 ? 'remove it' : `name it ${known.join(', ')}`}`,
    );
  const keys = leaves(parse(files.get(file) ?? ''));
  if (keys.length === 0) return say('says nothing; remove it');
  const wrong = allowed(keys);
  const misplaced = name === 'settings.yaml' ? keys.filter((key) => belongsElsewhere(key, file, files)) : [];
  return [...wrong, ...misplaced].map((key) => ({
    ...where,
    path: key,
    reason:
      name === 'settings.yaml'
        ? `stands in a file of its own; move it to ${BESIDE.slice(0, -1).join(', ')} or ${BESIDE.at(-1) ?? ''}`
        : `is no matter of ${name}; move it to settings.yaml`,
  }));
}

/** Whether there is a file beside this one whose matter a key is. */
function belongsElsewhere(key: string, file: string, files: Subject['files']): boolean {
  return BESIDE.some(
    (name) => files.has(file.replace('settings.yaml', name)) && KEYS[name]?.([key]).length === 0,
  );
}

/** The paths of all values that are no objects themselves. */
function leaves(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return path.length === 0 ? [] : [path.join('.')];
  return Object.entries(value).flatMap(([key, part]) => leaves(part, [...path, key]));
}

/**
 * Environments differ by switches, and for as long as an upgrade is under way by the version of a chart of others: what an application
 * is, and when it comes, holds for all of them.
 */
function ofSwitches({ files, inventory }: Subject, { environment }: Environment): Finding[] {
  const file = `gitops/root/values-${environment}.yaml`;
  const values: unknown = parse(files.get(file) ?? '');
  const where = { environment, object: file };
  const name = textAt(values, 'environment');
  const wrong: Finding[] =
    name === environment
      ? []
      : [{ ...where, path: 'environment', reason: `is ${name || 'missing'}; write ${environment}` }];
  for (const key of leaves(values)) {
    const [first = '', application = '', ...what] = key.split('.');
    if (['environment', 'confirmDeletion'].includes(first)) continue;
    const say = (reason: string) => wrong.push({ ...where, path: key, reason });
    const entry = inventory.applications.get(application);
    const isSwitch = what.join('.') === 'enabled';
    const isVersion = what.join('.') === 'chart.version';
    if (first !== 'applications' || !(isSwitch || isVersion))
      say('may not differ between environments; move it to values.yaml');
    else if (entry === undefined) say(`there is no application ${application}; correct the name`);
    else if (isVersion && entry.chart === undefined)
      say(
        `${application} is no chart of others; what it runs stands in ${FOLDER}${environment}/${application}`,
      );
    else if (
      isVersion &&
      entry.chart?.version === textAt(values, 'applications', application, 'chart', 'version')
    )
      say('is what values.yaml says; remove it');
  }
  return wrong;
}

/** What an environment runs is what its version.yaml says; and whatever has one somewhere has one everywhere. */
function ofVersions(
  { files, environments, inventory }: Subject,
  { environment, children }: Environment,
): Finding[] {
  return children.flatMap((child): Finding[] => {
    const { name } = child;
    const file = `${FOLDER}${environment}/${name}/version.yaml`;
    const text = files.get(file);
    if (text === undefined) {
      const has = environments.some((other) =>
        files.has(`${FOLDER}${other.environment}/${name}/version.yaml`),
      );
      return has && inventory.applications.get(name)?.path !== undefined
        ? [
            {
              environment,
              application: name,
              object: file,
              reason: 'is missing, so that it runs whatever the chart has; add it',
            },
          ]
        : [];
    }
    const version: unknown = parse(text);
    const [tag, digest] = ['tag', 'digest'].map((key) => textAt(version, 'image', key));
    const expected = digest ? `@${digest}` : `:${tag ?? ''}`;
    return applied(child).flatMap((object) =>
      containersOf(object)
        .filter(({ content }) => !textAt(content, 'image').endsWith(expected))
        .map(({ content, path }) => ({
          environment,
          application: name,
          object: `${object.kind}/${object.metadata.name}`,
          path: `${path}.image`,
          reason: `is ${textAt(content, 'image')}, and ${file} says ${expected.slice(1)}; say it there only`,
        })),
    );
  });
}
