/** The page of the reference that says what is deployed, when and in which version. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Entry, readInventory } from '../inventory.ts';
import { versionFile } from '../promotion/version-file.ts';
import { environmentsOf } from '../tree/environments.ts';

export const DEPLOYMENT_PAGE = 'docs/reference/deployment.md';

/** Returns the page as Markdown. */
export function deploymentPage(workspace: string): string {
  const { applications, environments } = readInventory(workspace);
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
    '',
    ...table(
      ['application', 'what', 'version', 'from'],
      byWave.flatMap(([name, entry]) => versionsOf(workspace, name, entry)),
    ),
  ].join('\n')}\n`;
}

function versionsOf(workspace: string, name: string, { chart, path }: Entry): string[][] {
  if (chart !== undefined) return [[`\`${name}\``, `chart \`${chart.name}\``, chart.version, chart.repoURL]];
  const values = parse(readFileSync(join(workspace, path ?? '', 'values.yaml'), 'utf8')) as {
    version?: { kafka: string; metadata: string };
    image?: { repository: string; tag?: string };
  } | null;
  const rows: string[][] = [];
  if (values?.version !== undefined)
    rows.push(
      [`\`${name}\``, 'Kafka', values.version.kafka, 'Strimzi'],
      [`\`${name}\``, 'metadata of Kafka', values.version.metadata, 'Strimzi'],
    );
  // The images of our own apps have their version in each environment.
  const { repository, tag } = values?.image ?? {};
  const isOurs = environmentsOf(workspace).some((environment) =>
    existsSync(join(workspace, versionFile(environment, name))),
  );
  if (repository !== undefined && tag !== undefined && !isOurs)
    rows.push([`\`${name}\``, 'image', tag, repository]);
  return rows;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
