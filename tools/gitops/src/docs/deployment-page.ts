/** The page of the reference that says what is deployed, when and in which version. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Entry, type Inventory, readInventory } from '../inventory.ts';
import { versionFile } from '../promotion/version-file.ts';
import { readYaml } from '../read-yaml.ts';
import { environmentsOf } from '../tree/environments.ts';

export const DEPLOYMENT_PAGE = 'docs/reference/deployment.md';

/** Returns the page as Markdown. */
export function deploymentPage(workspace: string): string {
  const { applications, environments, versions } = readInventory(workspace);
  const byWave = [...applications].sort(
    ([one, a], [other, b]) => a.wave - b.wave || one.localeCompare(other),
  );
  const where = (name: string) => {
    const names = [...environments].filter(([, apps]) => apps.has(name)).map(([environment]) => environment);
    return names.length === environments.size ? 'all' : names.join(', ');
  };
  return `${[
    '<!-- Generated from gitops/root and the charts by `npm run generate`. Do not edit. -->',
    '',
    '# What is deployed',
    '',
    'Argo CD makes one application of each line, from top to bottom: a wave begins when everything of the waves before is healthy. Deleting',
    'the root takes them away from bottom to top.',
    '',
    '## Waves',
    '',
    ...table(
      ['wave', 'application', 'namespace', 'project', 'needs', 'environments'],
      byWave.map(([name, { wave, namespace, project, needs = [] }]) => [
        String(wave),
        `\`${name}\``,
        `\`${namespace}\``,
        `\`${project}\``,
        needs.map((need) => `\`${need}\``).join(' '),
        where(name),
      ]),
    ),
    '',
    '## Versions',
    '',
    'Our own charts and images are those of this repository; which image an environment runs stands in `gitops/envs/<environment>/<app>/version.yaml`.',
    'Where an environment has another version than all others, as while [the platform is upgraded](../how-to/upgrade-the-platform.md), it is named.',
    '',
    ...table(
      ['application', 'what', 'version', 'from'],
      byWave.flatMap(([name, entry]) => versionsOf(workspace, name, entry, versions)),
    ),
  ].join('\n')}\n`;
}

function versionsOf(
  workspace: string,
  name: string,
  { chart, path }: Entry,
  own: Inventory['versions'],
): string[][] {
  if (chart !== undefined) {
    const others = [...own].map(([environment, versions]) => [environment, versions.get(name)] as const);
    return [[`\`${name}\``, `chart \`${chart.name}\``, withOthers(chart.version, others), chart.repoURL]];
  }
  const values = readYaml(workspace, `${path ?? ''}/values.yaml`) as {
    version?: { kafka: string; metadata: string };
    image?: { repository: string; tag?: string };
  } | null;
  const rows: string[][] = [];
  if (values?.version !== undefined) {
    const { kafka, metadata } = values.version;
    const settings = environmentsOf(workspace).map(
      (environment) => [environment, settingsOf(workspace, environment, name)?.version] as const,
    );
    const others = (key: 'kafka' | 'metadata') =>
      settings.map(([at, version]) => [at, version?.[key]] as const);
    rows.push(
      [`\`${name}\``, 'Kafka', withOthers(kafka, others('kafka')), 'Strimzi'],
      [`\`${name}\``, 'metadata of Kafka', withOthers(metadata, others('metadata')), 'Strimzi'],
    );
  }
  // The images of our own apps have their version in each environment.
  const { repository, tag } = values?.image ?? {};
  const isOurs = environmentsOf(workspace).some((environment) =>
    existsSync(join(workspace, versionFile(environment, name))),
  );
  if (repository !== undefined && tag !== undefined && !isOurs)
    rows.push([`\`${name}\``, 'image', tag, repository]);
  return rows;
}

/** A version, with the environments that have another one. */
function withOthers(
  version: string,
  others: readonly (readonly [environment: string, version: string | undefined])[],
): string {
  const different = others.filter(([, other]) => other !== undefined && other !== version);
  return [version, ...different.map(([environment, other]) => `${environment}: ${other ?? ''}`)].join(', ');
}

function settingsOf(
  workspace: string,
  environment: string,
  name: string,
): { version?: { kafka?: string; metadata?: string } } | null {
  const file = `gitops/envs/${environment}/${name}/settings.yaml`;
  return existsSync(join(workspace, file))
    ? (readYaml(workspace, file) as ReturnType<typeof settingsOf>)
    : null;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
